/** What can be said on the command line of every question. */

import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** `--quick`: fewer and shorter rounds, to see that it works. */
  readonly quick: boolean;
}

export function benchOptions(): BenchOptions {
  return parseArgs({ options: { quick: { type: 'boolean', default: false } } }).values;
}
