import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { specifiersOf } from '../../scripts/declarations.ts';
import { type InstalledPackage, installPackage } from '../support/installed-package.ts';

const run = promisify(execFile);
const exported = Object.keys(manifest.exports).filter(name => name !== './package.json');
const specifier = (name: string) => manifest.name + name.slice(1);
/** What a Worker is: its platform demands a default export. */
const withDefault = ['./workers'];

let installed: InstalledPackage;

beforeAll(async () => {
  installed = await installPackage(['msw']);
});
afterAll(() => installed.remove());

/** Runs a module in the consumer's folder and gives what it printed as JSON. */
async function evaluate(code: string): Promise<unknown> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], {
    cwd: installed.folder,
  });
  return JSON.parse(stdout);
}

async function filesOf(folder: string, extension: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter(name => name.endsWith(extension)).map(name => join(folder, name));
}

describe('the packed package', () => {
  it('holds every file that package.json names', () => {
    const named = JSON.stringify([
      manifest.exports,
      manifest.imports,
      'bin' in manifest ? manifest.bin : {},
    ]).match(/\.\/(?:src|dist)\/[^"]+/g);
    expect(named?.filter(path => !existsSync(join(installed.path, path)))).toEqual([]);
  });

  it('holds the licence, its own and those of the code that is inlined', async () => {
    expect(existsSync(join(installed.path, 'LICENSE'))).toBe(true);
    const inlined = await readFile(join(installed.path, 'dist', 'THIRD-PARTY.md'), 'utf8');
    expect(inlined).toMatch(/^## jose [\s\S]*^## prom-client /m);
    // zod describes reports at build time only.
    expect(inlined).not.toMatch(/^## zod /m);
  });

  it('holds neither tests nor the files of tools', async () => {
    expect((await readdir(installed.path)).sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'dist',
      'package.json',
      'src',
    ]);
  });

  it('imports nothing at run time but its dependencies and peers', async () => {
    const allowed = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
    for (const file of await filesOf(join(installed.path, 'dist'), '.js')) {
      const code = await readFile(file, 'utf8');
      for (const [, name = ''] of code.matchAll(/(?:^|[;\s}])(?:import|from)\s*\(?\s*["']([^"'\n]+)["']/g)) {
        if (name.startsWith('.') || /^(node:|cloudflare:|#(transport|host)$)/.test(name)) continue;
        expect.soft(allowed, `${file} imports ${name}`).toContain(
          name
            .split('/')
            .slice(0, name.startsWith('@') ? 2 : 1)
            .join('/'),
        );
      }
    }
  });
});

describe('the exports', () => {
  it.each(exported)(
    '%s can be imported, and has a default export only where a runtime demands one',
    async name => {
      const names = await evaluate(
        `console.log(JSON.stringify(Object.keys(await import('${specifier(name)}'))))`,
      );
      expect(names).not.toEqual([]);
      expect((names as string[]).includes('default')).toBe(withDefault.includes(name));
    },
  );

  it('of the root load no library: undici, yaml and hono come when they are used', async () => {
    const loaded = await evaluate(`
      import { registerHooks } from 'node:module';
      const urls = [];
      registerHooks({ load(url, context, next) { urls.push(url); return next(url, context); } });
      await import('${manifest.name}');
      console.log(JSON.stringify(urls));
    `);
    const outside = (loaded as string[]).filter(
      url => !url.startsWith('node:') && !url.includes(`/${manifest.name}/dist/`),
    );
    expect(outside).toEqual([]);
    expect(loaded).toContainEqual(expect.stringContaining('/dist/index.js'));
  });

  it('share one copy of the errors', async () => {
    const copies: string[] = [];
    for (const file of await filesOf(join(installed.path, 'dist'), '.js')) {
      if (/class (_)?StatusReporterError\b|StatusReporterError = class/.test(await readFile(file, 'utf8')))
        copies.push(file);
    }
    expect(copies).toHaveLength(1);
  });

  it.each([
    [['node'], 'undici'],
    [['deno', 'node'], 'undici'],
    [['bun', 'node'], 'bun'],
    [['workerd', 'worker'], 'fetch'],
    [[], 'fetch'],
  ])('choose the transport by the conditions %j: %s', async (conditions, transport) => {
    expect(choose(manifest.imports['#transport'], conditions)).toBe(`./dist/transport/${transport}.js`);
    expect(choose(manifest.imports['#host'], conditions)).toBe(
      `./dist/credentials/host/${transport === 'fetch' ? 'none' : 'node'}.js`,
    );
  });

  it('work from the sources under the condition of their own', async () => {
    const { stdout } = await run(
      process.execPath,
      [
        '--conditions=vmcp-status-reporter-source',
        '--input-type=module',
        '-e',
        `console.log(import.meta.resolve('${manifest.name}'))`,
      ],
      { cwd: dirname(dirname(installed.path)) },
    );
    expect(stdout).toContain('/src/index.ts');
  });
});

describe('the declarations', () => {
  it('reach only what is there, with specifiers that resolve', async () => {
    for (const file of await filesOf(join(installed.path, 'dist'), '.d.ts')) {
      for (const path of specifiersOf(await readFile(file, 'utf8'))) {
        if (!path.startsWith('.')) continue;
        expect.soft(path, file).toMatch(/\.js$/);
        expect
          .soft(existsSync(join(dirname(file), path.replace(/\.js$/, '.d.ts'))), `${file}: ${path}`)
          .toBe(true);
      }
    }
  });

  it('name no package that a consumer need not have, zod above all', async () => {
    const allowed = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies)];
    for (const file of await filesOf(join(installed.path, 'dist'), '.d.ts')) {
      for (const name of specifiersOf(await readFile(file, 'utf8'))) {
        if (name.startsWith('.')) continue;
        expect.soft(allowed, `${file} names ${name}`).toContain(
          name
            .split('/')
            .slice(0, name.startsWith('@') ? 2 : 1)
            .join('/'),
        );
      }
    }
  });
});

function choose(target: unknown, conditions: readonly string[]): string | undefined {
  if (typeof target === 'string') return target;
  const keys = Object.entries(target as Record<string, unknown>);
  const [, next] = keys.find(([key]) => key === 'default' || conditions.includes(key)) ?? [];
  return next === undefined ? undefined : choose(next, conditions);
}
