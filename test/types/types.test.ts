// The declarations as a consumer gets them: `tsc` over a program of theirs, with nothing of ours to lean on.
import { execFile } from 'node:child_process';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InstalledPackage, installPackage } from '../support/installed-package.ts';
import { projectRoot } from '../support/sources.ts';

const run = promisify(execFile);
let installed: InstalledPackage;

beforeAll(async () => {
  installed = await installPackage(['msw', '@types/node']);
  await copyFile(join(projectRoot, 'test', 'types', 'consumer.ts'), join(installed.folder, 'consumer.ts'));
});
afterAll(() => installed.remove());

/** What tsc finds in the consumer's program; empty where all is well. */
async function check(compilerOptions: object, files = ['consumer.ts']): Promise<string> {
  const config = { compilerOptions: { ...strict, ...compilerOptions }, files };
  await writeFile(join(installed.folder, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  return run(process.execPath, [tsc], { cwd: installed.folder }).then(
    () => '',
    ({ stdout }) => stdout,
  );
}

const strict = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: false,
  target: 'ES2023',
  types: [],
};
const esnext = ['ES2023', 'ESNext.Disposable'];

describe('a program that uses the package', () => {
  it.each([
    ['NodeNext, DOM', { module: 'NodeNext', lib: [...esnext, 'DOM'] }],
    ['NodeNext, WebWorker', { module: 'NodeNext', lib: [...esnext, 'WebWorker'] }],
    ['a bundler, DOM', { module: 'ESNext', moduleResolution: 'bundler', lib: [...esnext, 'DOM'] }],
  ])('compiles without @types/node and with every declaration checked: %s', async (_, options) => {
    expect(await check(options)).toBe('');
  });

  it('is refused where it is wrong: the check does see the declarations', async () => {
    await writeFile(
      join(installed.folder, 'wrong.ts'),
      "import { createReporter } from 'vmcp-status-reporter';\ncreateReporter({ name: 1 });\n",
    );
    expect(await check({ module: 'NodeNext', lib: [...esnext, 'DOM'] }, ['wrong.ts'])).toContain(
      'wrong.ts(2,18)',
    );
  });
});

describe('a program that uses the service', () => {
  it('finds every type of ours, and the typed client knows paths, bodies and answers', async () => {
    await copyFile(join(projectRoot, 'examples', 'client.ts'), join(installed.folder, 'client.ts'));
    const options = { module: 'NodeNext', lib: [...esnext, 'DOM', 'DOM.Iterable'], types: ['node'] };
    const found = (await check(options, ['client.ts'])).split('\n');
    // What other packages declare is not ours to check.
    expect(found.filter(line => /^(client|\.\.?\/|node_modules\/vmcp-status-reporter\/)/.test(line))).toEqual(
      [],
    );
    const client = await readFile(join(installed.folder, 'client.ts'), 'utf8');
    await writeFile(
      join(installed.folder, 'client.ts'),
      client.replace("health: 'healthy'", "health: 'well'"),
    );
    expect(await check({ ...options, skipLibCheck: true }, ['client.ts'])).toContain('\'"well"\'');
  });
});

/** What the README's pieces of code take for granted. */
const assumed = `
  declare const reporter: import('vmcp-status-reporter').Reporter;
  declare const createReporter: typeof import('vmcp-status-reporter').createReporter;
  declare const env: Readonly<Record<string, unknown>> & { API_SERVER: { fetch: typeof fetch } };
  declare const name: string, namespace: string, server: string;
  declare function newToken(): Promise<string>;
  declare const expect: (value: unknown) => { toMatchObject(part: object): void };
`;

describe("the README's code", () => {
  it('compiles', async () => {
    const readme = await readFile(join(projectRoot, 'README.md'), 'utf8');
    const blocks = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(match => match[1]);
    expect(blocks.length).toBeGreaterThan(3);
    const files = await Promise.all(
      blocks.map(async (block, index) => {
        const line = readme.slice(0, readme.indexOf(block as string)).split('\n').length;
        const file = `readme-line-${line}-${index}.ts`;
        await writeFile(join(installed.folder, file), `${block}export {};\n`);
        return file;
      }),
    );
    await writeFile(join(installed.folder, 'assumed.d.ts'), assumed);
    // The globals of Node, and the types of msw, which are not ours to check.
    const options = { module: 'NodeNext', lib: esnext, types: ['node'], skipLibCheck: true };
    expect(await check(options, ['assumed.d.ts', ...files])).toBe('');
  });
});
