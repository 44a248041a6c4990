/** `@kubernetes/client-node` as contestants; installed where it is missing, so that the project itself does without. */

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchChild, startBenchChild } from '../support/child.ts';

const folder = join(import.meta.dirname, 'client-node');

/** The ways it is used in: what the tables call them, and what the process is told. */
export const clientNodeWays = {
  'client-node get+replace': { strategy: 'replace', cached: false },
  'client-node get+replace, dispatcher kept': { strategy: 'replace', cached: true },
  'client-node apply': { strategy: 'apply', cached: false },
  'client-node apply, dispatcher kept': { strategy: 'apply', cached: true },
} as const;
export type ClientNodeWay = keyof typeof clientNodeWays;

export function startClientNode(): BenchChild {
  installClientNode();
  return startBenchChild(join(folder, 'client.js'), { core: 'client' });
}

/** @returns its folder */
export function installClientNode(): string {
  if (!existsSync(join(folder, 'node_modules'))) {
    const { status } = spawnSync('npm', ['ci'], { cwd: folder, stdio: 'inherit' });
    if (status !== 0) throw new Error('npm ci failed in bench/peers/client-node');
  }
  return folder;
}
