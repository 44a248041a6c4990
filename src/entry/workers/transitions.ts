/** How what is held of a resource moves on. Pure; times are milliseconds since the epoch. */

import { defined } from '../../defined.ts';
import type { Delivery, Submission } from '../../http/model.ts';
import { advance } from '../../http/ordering.ts';
import { ProblemError } from '../../http/problem.ts';
import {
  acceptedRecord,
  deliveredDelivery,
  failedDelivery,
  pendingDelivery,
  settledRecord,
} from '../../http/records.ts';
import type { ReportResult } from '../../reporter/reporter.ts';
import { toFailure } from './failure.ts';
import type { Held } from './held-report.ts';
import type { RetryPlan } from './retry-plan.ts';

/**
 * A new report takes the place of the one before.
 *
 * @throws ProblemError `stale`
 */
export function accepted(
  before: Held | undefined,
  submission: Submission,
  options: { id: string; passthrough: boolean; at: number },
): Held {
  const { id, passthrough, at } = options;
  const positions = advance(before?.positions ?? [], submission);
  if (positions === undefined) {
    const observed = new Date(submission.observedAt).toISOString();
    throw new ProblemError(
      'stale',
      `Expected a report no older than the last one of this reporter instance, found one of ${observed}.`,
    );
  }
  return {
    record: acceptedRecord(before?.record, submission, pendingDelivery(id, at)),
    positions,
    failures: before?.failures ?? 0,
    // Reports do not shorten an outage; but what somebody had to mend may be mended by now.
    ...defined({ retryAt: before?.blocked ? undefined : before?.retryAt }),
    ...(passthrough && { passthrough }),
    revision: next(before, at),
  };
}

/** A delivery that worked, after attempts that did not. */
export function delivered({ error: _, ...delivery }: Delivery, result: ReportResult, at: number): Delivery {
  return {
    ...deliveredDelivery(delivery, result, at),
    attempts: delivery.attempts + result.attempts,
  };
}

/** A delivery that another one took the place of. */
export function superseded(delivery: Delivery, at: number): Delivery {
  return delivered(delivery, { outcome: 'superseded', requests: 0, attempts: 0 }, at);
}

/** A delivery after an attempt that failed. */
export function attempted(delivery: Delivery, error: unknown, { delay }: RetryPlan, at: number): Delivery {
  const failed = failedDelivery(delivery, error, at);
  const { attempts, error: why } = failed;
  return delay === undefined ? failed : { ...delivery, attempts, ...(why && { error: why }) };
}

/** What a success means for what is held: a later report, maybe. */
export function afterSuccess(held: Held, delivery: Delivery, at: number): Held {
  const { failure: _, retryAt: __, blocked: ___, record, ...rest } = held;
  const settled = settledRecord(record, delivery);
  const current = record.delivery.id === delivery.id ? settled : { ...settled, delivery: record.delivery };
  return { ...rest, record: current, failures: 0, revision: next(held, at) };
}

/** What a failure means for what is held: a later report, maybe. */
export function afterFailure(
  held: Held,
  delivery: Delivery,
  error: unknown,
  { delay, tell }: RetryPlan,
  at: number,
): Held {
  const { failure: _, retryAt: __, blocked: ___, record, ...rest } = held;
  const same = record.delivery.id === delivery.id;
  // That a report is refused, or not possible now, need not be so of the next one; an outage is.
  const waits = delay !== undefined && (same || !tell);
  return {
    ...rest,
    record: same ? { ...record, delivery } : record,
    failures: delay === undefined ? 0 : held.failures + 1,
    ...(waits && { retryAt: at + delay }),
    ...(same && { failure: toFailure(error), blocked: tell }),
    revision: next(held, at),
  };
}

function next(held: Held | undefined, at: number): number {
  return Math.max(at, (held?.revision ?? 0) + 1);
}
