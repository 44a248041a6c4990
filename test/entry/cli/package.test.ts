import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { type InstalledPackage, installPackage } from '../../support/installed-package.ts';

const run = promisify(execFile);
let installed: InstalledPackage;
let program: string;

beforeAll(async () => {
  installed = await installPackage();
  // As npm links it.
  const bin = join(installed.path, manifest.bin['vmcp-status']);
  const folder = join(installed.folder, 'node_modules', '.bin');
  program = join(folder, 'vmcp-status');
  await chmod(bin, 0o755);
  await mkdir(folder, { recursive: true });
  await symlink(bin, program);
});

afterAll(() => installed.remove());

describe('the installed vmcp-status', () => {
  it('runs, with no package beside it but the dependencies', async () => {
    expect((await run(program, ['--version'])).stdout).toBe(`${manifest.version}\n`);
    expect((await run(program, ['manifest', 'demo'])).stdout).toMatch(
      /^apiVersion: v1\nkind: ServiceAccount\n/,
    );
  });

  it('hands on the licences of what is inlined', async () => {
    const licences = await readFile(join(installed.path, 'dist', 'THIRD-PARTY.md'), 'utf8');
    for (const name of ['commander', 'picocolors']) expect(licences).toMatch(new RegExp(`^## ${name} `, 'm'));
  });

  it('is in no other entry: whoever imports the library loads no command line', async () => {
    for (const entry of ['index.js', 'http/app.js', 'entry/workers.js']) {
      const code = await readFile(join(installed.path, 'dist', entry), 'utf8');
      expect(code).not.toMatch(/commander|vmcp-status embedded/);
    }
  });
});
