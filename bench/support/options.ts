/** What can be said on the command line of every question. */

import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** `--quick`: fewer and shorter rounds, to see that it works. */
  readonly quick: boolean;
  /** `--real`: also against a real kube-apiserver, where the question does not need one anyway. */
  readonly real: boolean;
}

export function benchOptions(): BenchOptions {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, real: { type: 'boolean', default: false } },
  });
  return values;
}
