/** The contestants that are Node processes of this project. */

import { join } from 'node:path';
import { type BenchChild, startBenchChild } from '../support/child.ts';

/** This package. `profile`: a folder to write its CPU profile to. */
export function startOurs(profile = process.env['BENCH_PROFILE']): BenchChild {
  return startBenchChild(join(import.meta.dirname, 'ours.ts'), {
    core: 'client',
    nodeArgs: profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [],
  });
}

/** One PATCH with undici's `request`. */
export function startFloor(): BenchChild {
  return startBenchChild(join(import.meta.dirname, 'floor.ts'), { core: 'client' });
}
