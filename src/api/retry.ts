/** When to send a request again. Pure. */

import { type ErrorCode, isApiError, isStatusReporterError } from '../errors.ts';
import { isResourceVersionTooLarge } from './responses.ts';

/** Milliseconds that the first wait takes at most; doubles every time. */
const firstWait = 200;
/** Milliseconds that any wait takes at most. */
const longestWait = 10_000;

const transient: ReadonlySet<ErrorCode> = new Set(['throttled', 'unavailable', 'timeout']);

/** Whether the same request may succeed later. Conflicts are not among them: what is sent again must be computed anew. */
export function isTransient(error: unknown): boolean {
  return isStatusReporterError(error) && transient.has(error.code) && !isResourceVersionTooLarge(error);
}

/**
 * How long to wait before attempt `attempt + 1`, in milliseconds: what the server asked for, else full jitter.
 *
 * @param attempt the attempt that failed, from 1
 * @param random in [0, 1)
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function retryDelay(error: unknown, attempt: number, random: number): number {
  const asked = isApiError(error) ? error.retryAfterSeconds : undefined;
  if (asked !== undefined) return asked * 1000;
  return random * Math.min(longestWait, firstWait * 2 ** (attempt - 1));
}
