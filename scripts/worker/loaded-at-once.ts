// What loads on demand elsewhere is in the one file of a Worker anyway: a plugin that imports it at once. Bundlers wrap what
// is imported later, and all that it imports in its turn, into functions; that costs half a kilobyte.
import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const onDemand = /(?<!typeof )import\(('\.{1,2}\/[^']+')\)/g;

export const loadedAtOnce: Plugin = {
  name: 'loaded-at-once',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]src[/\\].+\.ts$/ }, async ({ path }) => {
      const { code, modules } = importedAtOnce(await readFile(path, 'utf8'));
      return modules.length > 0 ? { contents: code, loader: 'ts' } : undefined;
    });
  },
};

/** `import('./a.ts')` as a static import of the same module and a promise of it. */
export function importedAtOnce(source: string): { code: string; modules: string[] } {
  const modules: string[] = [];
  const code = source.replace(onDemand, (_, module: string) => {
    modules.push(module);
    return `Promise.resolve(atOnce${modules.length - 1})`;
  });
  const imports = modules.map((module, index) => `import * as atOnce${index} from ${module};\n`);
  return { code: imports.join('') + code, modules };
}
