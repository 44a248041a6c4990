// What package.json promises is what gets built: every `./dist/….js` that its exports, imports and bin name.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import manifest from '../package.json' with { type: 'json' };

/** The project's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What a runtime starts directly; no package.json field names them. */
const programs = ['entry/node.js', 'entry/bun.js', 'entry/deno.js', 'entry/workers.js'];

/** Whether an import stays one: of a runtime, or of a package that users install; all other code is inlined. */
export function isExternal(name: string): boolean {
  return /^(#|node:|cloudflare:|(bun|hono|@hono\/node-server|undici|yaml|msw)(\/|$))/.test(name);
}

/** prom-client words its errors with Node's `util`; what it needs of that is two lines, which Workers have as well. */
export const alias = { util: join(root, 'scripts', 'util.ts') };

/** Paths of all built entries, relative to `dist`: `http/app.js`. */
export function builtEntries(): string[] {
  const found = new Set(programs);
  collect([manifest.exports, manifest.imports, (manifest as { bin?: unknown }).bin], found);
  return [...found].sort();
}

/** The source file of a built one. */
export function sourceOf(built: string): string | undefined {
  return ['.ts', '.tsx']
    .map(extension => join(root, 'src', built.replace(/\.js$/, extension)))
    .find(path => existsSync(path));
}

function collect(node: unknown, into: Set<string>): void {
  if (typeof node === 'string') {
    const [, path] = /^\.\/dist\/(.+\.js)$/.exec(node) ?? [];
    if (path !== undefined) into.add(path);
  } else if (typeof node === 'object' && node !== null) {
    for (const value of Object.values(node)) collect(value, into);
  }
}
