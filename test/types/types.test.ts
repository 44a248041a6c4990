// The declarations as a consumer gets them: `tsc` over a program of theirs, with nothing of ours to lean on.
import { execFile } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InstalledPackage, installPackage } from '../support/installed-package.ts';
import { projectRoot } from '../support/sources.ts';

const run = promisify(execFile);
let installed: InstalledPackage;

beforeAll(async () => {
  installed = await installPackage();
  await copyFile(join(projectRoot, 'test', 'types', 'consumer.ts'), join(installed.folder, 'consumer.ts'));
}, 60_000);
afterAll(() => installed.remove());

/** What tsc finds in the consumer's program; empty where all is well. */
async function check(compilerOptions: object, file = 'consumer.ts'): Promise<string> {
  const config = { compilerOptions: { ...strict, ...compilerOptions }, files: [file] };
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
    expect(await check({ module: 'NodeNext', lib: [...esnext, 'DOM'] }, 'wrong.ts')).toContain(
      'wrong.ts(2,18)',
    );
  });
});
