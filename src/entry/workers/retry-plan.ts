/** When a report that could not be delivered is tried again. Pure. */

import { retryDelay } from '../../api/retry.ts';
import { isStatusReporterError } from '../../errors.ts';

/** What follows a failed attempt. */
export interface RetryPlan {
  /** Milliseconds until the next one; `undefined`: another attempt cannot help. */
  readonly delay: number | undefined;
  /** Whether who waits for the delivery is told at once: what is wrong does not pass within a request. */
  readonly tell: boolean;
}

const second = 1000;
const minute = 60 * second;

/** The API server refuses this report, now and later. */
const final = new Set(['invalid_status', 'rejected', 'too_large']);
/** Somebody has to do something first: create the resource, grant a right, renew a credential, mend the network. */
const blocked = new Set(['not_found', 'forbidden', 'unauthorized', 'configuration', 'tls', 'protocol']);
/** Of these only as long as the report may still mean something. */
const patience: Readonly<Record<string, number>> = {
  not_found: 24 * 60 * minute,
  forbidden: 24 * 60 * minute,
};

/** Ceilings of the waits: an outage ends by itself and is looked at more often. */
const outage = { base: second, cap: minute };
const obstacle = { base: 5 * second, cap: 5 * minute };
/** However long the API server asks to be left alone. */
const longest = 15 * minute;

/**
 * @param failures attempts in a row that failed, this one included
 * @param age milliseconds since the report was accepted
 * @param random in [0, 1)
 */
export function planRetry(error: unknown, failures: number, age: number, random: number): RetryPlan {
  const code = isStatusReporterError(error) ? error.code : 'internal';
  if (final.has(code) || age > (patience[code] ?? Infinity)) return { delay: undefined, tell: true };
  const tell = blocked.has(code);
  // Half of the ceiling at least: full jitter may wait for nothing, and a queue is not waiting here.
  const spread = 0.5 + random / 2;
  return { delay: Math.min(longest, retryDelay(error, failures, spread, tell ? obstacle : outage)), tell };
}
