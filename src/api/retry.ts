/** When to send a request again. Pure. */

import { type ErrorCode, isApiError, isStatusReporterError } from '../errors.ts';
import { isResourceVersionTooLarge } from './responses.ts';

/** How retries are spaced. All times in milliseconds. */
export interface RetryTiming {
  /** Ceiling of the first wait; doubles every time. Default 200. */
  readonly base: number;
  /** Ceiling of any wait. Default 10,000. */
  readonly cap: number;
}

export const defaultTiming: RetryTiming = { base: 200, cap: 10_000 };

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
export function retryDelay(error: unknown, attempt: number, random: number, timing = defaultTiming): number {
  const asked = isApiError(error) ? error.retryAfterSeconds : undefined;
  if (asked !== undefined) return asked * 1000;
  return random * Math.min(timing.cap, timing.base * 2 ** (attempt - 1));
}
