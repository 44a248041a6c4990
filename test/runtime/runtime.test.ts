// The same cases on every runtime, through the installed package, over TLS with a private CA.
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InstalledPackage, installPackage } from '../support/installed-package.ts';
import { projectRoot } from '../support/sources.ts';
import { cases } from './cases.ts';
import type { Context, Outcome } from './harness.ts';
import { runtimes } from './runtimes.ts';
import { type Servers, startServers } from './servers.ts';

const names = Object.keys(cases);
let installed: InstalledPackage;
let servers: Servers;

beforeAll(async () => {
  [installed, servers] = await Promise.all([installPackage(), startServers()]);
  const files = [
    'cases.ts',
    'support.ts',
    'harness.ts',
    'run-node.ts',
    'run-bun.ts',
    'run-deno.ts',
    'run-workerd.ts',
  ];
  await Promise.all(
    files.map(file => copyFile(join(projectRoot, 'test', 'runtime', file), join(installed.folder, file))),
  );
});
afterAll(async () => {
  await servers.close();
  await installed.remove();
});

describe.each(Object.entries(runtimes))('%s', (runtime, run) => {
  const outcomes = new Map<string, Outcome>();
  let failure: unknown;

  beforeAll(async () => {
    const context = { ...servers.context, runtime: runtime as Context['runtime'], name: runtime };
    // What was told before a crash still counts for the cases that it was told of.
    await run(installed.folder, context, names, outcome => outcomes.set(outcome.name, outcome)).catch(
      error => {
        failure = error;
      },
    );
  });

  it.each(names)('%s', name => {
    const outcome = outcomes.get(name);
    expect(
      outcome,
      `no outcome was told; ${failure ?? 'the runtime ended as if all were well'}`,
    ).toBeDefined();
    expect(outcome?.error).toBeUndefined();
  });

  it('ends by itself when all is done', () => {
    expect(failure).toBeUndefined();
  });
});
