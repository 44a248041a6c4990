// The README's examples of testing a gateway, run as they stand there against the installed package.
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InstalledPackage, installPackage } from '../support/installed-package.ts';
import { projectRoot } from '../support/sources.ts';

const run = promisify(execFile);
let installed: InstalledPackage;
let blocks: string[];

beforeAll(async () => {
  installed = await installPackage(['msw']);
  const readme = await readFile(join(projectRoot, 'README.md'), 'utf8');
  const section = readme.slice(readme.indexOf('## Test a gateway'), readme.indexOf('## How it works'));
  blocks = [...section.matchAll(/^```ts\n(.*?)^```/gms)].map(match => match[1]!);
});
afterAll(() => installed?.remove());

/** Runs a block; its `expect` is one that counts and fails loudly, as a test runner's would. */
async function outputOf(block: string, after = ''): Promise<string> {
  const harness = `
    import assert from 'node:assert/strict';
    const expect = value => ({
      toMatchObject(part) {
        for (const [key, wanted] of Object.entries(part)) assert.deepEqual(value?.[key], wanted);
        console.log('expected and found', JSON.stringify(part));
      },
    });`;
  const file = join(installed.folder, 'readme.mjs');
  await writeFile(file, `${harness}\n${block}\n${after}\nprocess.exit(0);\n`);
  return (await run(process.execPath, [file], { cwd: installed.folder })).stdout;
}

describe("the README's examples of testing", () => {
  it('reach the fake API server in process', async () => {
    expect(await outputOf(blocks[0]!)).toBe('expected and found {"phase":"Ready"}\n');
  });

  it('are intercepted by MSW: nothing leaves the process', async () => {
    expect(blocks[1]).toContain("from 'msw/node'");
    const requests = 'console.log(api.requests.map(({ method, status }) => method + " " + status).join());';
    expect(await outputOf(blocks[1]!, requests)).toBe(
      'expected and found {"phase":"Ready"}\nGET 200,PATCH 200\n',
    );
  });

  it('fail without the handlers: the server’s name leads nowhere', async () => {
    const without = blocks[1]!
      .replace('...fakeApiHandlers(api)', '')
      .replace('credentials,', 'credentials, totalTimeout: 500,');
    await expect(outputOf(without)).rejects.toThrow(/kubernetes\.test/);
  });
});
