import { describe, expect, it } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { type Import, readSource, readSources, resolveImport, type SourceFile } from './support/sources.ts';

// What each room may import besides itself. Imports point one way; the three in the middle do not know each other.
const foundation = ['errors', 'abort', 'defined', 'types', 'status'];
const middle = ['credentials', 'transport', 'api'];
const rooms: Record<string, readonly string[]> = {
  errors: [],
  abort: [],
  defined: [],
  types: ['errors', 'abort'],
  status: ['errors', 'defined', 'types'],
  credentials: foundation,
  transport: foundation,
  api: foundation,
  reporter: [...foundation, ...middle],
  kubeconfig: [...foundation, 'credentials'],
  index: [...foundation, ...middle, 'reporter'],
  http: [...foundation, ...middle, 'reporter', 'kubeconfig'],
  entry: [...foundation, ...middle, 'reporter', 'kubeconfig', 'http', 'testing'],
  // The fake must not inherit a bug of the client.
  testing: ['errors', 'status'],
};

const mayNameRuntime = /^(transport|credentials\/host|entry)\//;
const mayReadEnvironment = /^(entry\/|reporter\/create\.ts$)/;
const runtimeModule = /^(node|bun|cloudflare|deno):|^(undici|bun)$/;
const runtimeGlobal = /\b(?:process|Bun|Deno)(?:\.|\?\.)/;
const environment = /\b(?:process|Bun|Deno)(?:\?)?\.env\b|\bimport\.meta\.env\b/;

function roomOf(path: string): string {
  return path.includes('/') ? (path.split('/')[0] as string) : path.replace(/\.tsx?$/, '');
}

/** The room that an import leads to; `undefined` for a package. */
function target(file: SourceFile, { specifier }: Import): string | undefined {
  if (specifier === '#transport') return 'transport';
  if (specifier === '#host') return 'credentials';
  return specifier.startsWith('.') ? roomOf(resolveImport(file.path, specifier)) : undefined;
}

function violations(file: SourceFile): string[] {
  const room = roomOf(file.path);
  const found: string[] = [];
  for (const imported of file.imports) {
    const to = target(file, imported);
    const allowed =
      to === undefined ||
      to === room ||
      rooms[room]?.includes(to) ||
      (room === 'testing' && to === 'types' && imported.typeOnly);
    if (!allowed) found.push(`${file.path} (${room}) imports ${imported.specifier} (${to})`);
    if (runtimeModule.test(imported.specifier) && !mayNameRuntime.test(file.path)) {
      found.push(`${file.path} imports ${imported.specifier}, which not every runtime has`);
    }
    if (imported.specifier === manifest.name || imported.specifier.startsWith(`${manifest.name}/`)) {
      found.push(`${file.path} imports its own package by name`);
    }
  }
  if (
    environment.test(file.code)
      ? !mayReadEnvironment.test(file.path)
      : runtimeGlobal.test(file.code) && !mayNameRuntime.test(file.path)
  ) {
    found.push(`${file.path} reads the environment or names a runtime`);
  }
  if (/^export default\b|;export default\b/.test(file.code) && file.path !== 'entry/workers.ts') {
    found.push(`${file.path} has a default export`);
  }
  if (file.lines > 300) found.push(`${file.path} has ${file.lines} lines`);
  if (rooms[room] === undefined) found.push(`${file.path} is in no known room`);
  return found;
}

describe('the rooms of src', () => {
  it.each(readSources().map(file => [file.path, file] as const))('%s keeps to the rules', (_, file) => {
    expect(violations(file)).toEqual([]);
  });
});

describe('the rules themselves', () => {
  const check = (path: string, text: string) => violations(readSource(path, text));

  it.each([
    ['status/a.ts', "import { b } from '../api/b.ts'; b();"],
    ['transport/a.ts', "import { b } from '../credentials/b.ts'; b();"],
    ['credentials/a.ts', "export { transport } from '#transport';"],
    ['testing/a.ts', "export { desired } from '../reporter/desired.ts';"],
    ['testing/a.ts', "import { x } from '../types.ts'; x();"],
    ['errors.ts', "import type { A } from './types.ts'; export type B = A;"],
  ])('refuse an import against the direction: %s', (path, text) => {
    expect(check(path, text)).toEqual([expect.stringContaining('imports')]);
  });

  it('allow type imports of types.ts in testing', () => {
    expect(
      check('testing/a.ts', "import type { Logger } from '../types.ts'; export type A = Logger;"),
    ).toEqual([]);
  });

  it.each([
    "import {\n  readFile,\n} from 'node:fs/promises';\nreadFile('x');",
    "export const load = () => import('node:fs');",
    "export const load = () => import('undici');",
    "import 'node:fs';",
    'export const pid = globalThis.process.pid;',
  ])('refuse a runtime outside its rooms: %s', text => {
    expect(check('reporter/a.ts', text)).toHaveLength(1);
    expect(check('transport/a.ts', text)).toEqual([]);
  });

  it('let only the entries and createReporter read the environment', () => {
    const text = 'export const name = process.env.VMCP_NAME;';
    expect(check('reporter/create.ts', text)).toEqual([]);
    expect(check('entry/node.ts', text)).toEqual([]);
    expect(check('credentials/host/node.ts', text)).toHaveLength(1);
    expect(check('status/a.ts', '// process.env is not read here\nexport const a = 1;')).toEqual([]);
  });

  it('refuse the own name, a default export, long files and unknown rooms', () => {
    expect(check('http/a.ts', `import { a } from '${manifest.name}/testing'; a();`)).toHaveLength(1);
    expect(check('http/a.ts', 'export default 1;')).toHaveLength(1);
    expect(check('http/a.ts', 'void 0;\n'.repeat(301))).toHaveLength(1);
    expect(check('misc/a.ts', 'export const a = 1;')).toHaveLength(1);
  });
});
