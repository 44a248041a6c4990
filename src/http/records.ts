import { isStatusReporterError } from '../errors.ts';
import type { ReportResult } from '../reporter/reporter.ts';
import type { Delivery, ResourceRecord, Submission } from './model.ts';
import { toProblem } from './problem.ts';
import { keepTransitionTimes } from './transition-times.ts';

/** How records and deliveries follow from reports and their ends. Pure; every dispatcher builds them with these. */

/** Changes of phase that a record keeps. */
const longestTimeline = 50;

/** A report that was just taken. */
export function pendingDelivery(id: string, acceptedAt: number): Delivery {
  return { id, state: 'pending', acceptedAt: text(acceptedAt), attempts: 0 };
}

/** The end of a delivery that worked. */
export function deliveredDelivery(delivery: Delivery, result: ReportResult, endedAt: number): Delivery {
  return {
    ...ended(delivery, endedAt),
    state: 'delivered',
    outcome: result.outcome,
    result,
    attempts: result.attempts,
  };
}

/** The end of a delivery that did not. What the error says of addresses and files is left out. */
export function failedDelivery(delivery: Delivery, error: unknown, endedAt: number): Delivery {
  const { detail } = toProblem(error).problem;
  const code = isStatusReporterError(error) ? error.code : 'internal';
  return {
    ...ended(delivery, endedAt),
    state: 'failed',
    attempts: delivery.attempts + 1,
    error: { code, detail },
  };
}

/** The record of a resource after a report was accepted. */
export function acceptedRecord(
  before: ResourceRecord | undefined,
  { target, status, instance, observedAt }: Submission,
  delivery: Delivery,
): ResourceRecord {
  const at = text(observedAt);
  const timeline = before?.timeline ?? [];
  const moved = timeline.at(-1)?.phase !== status.phase;
  return {
    ...target,
    status: keepTransitionTimes(status, before?.status, at),
    ...(instance !== undefined && { instance }),
    observedAt: at,
    delivery,
    ...(before?.deliveredAt !== undefined && { deliveredAt: before.deliveredAt }),
    ...(before?.contested !== undefined && { contested: before.contested }),
    timeline: moved ? [...timeline, { phase: status.phase, at }].slice(-longestTimeline) : timeline,
  };
}

/** The record after that delivery ended. */
export function settledRecord(record: ResourceRecord, delivery: Delivery): ResourceRecord {
  const { result, endedAt } = delivery;
  if (result === undefined || endedAt === undefined) return { ...record, delivery };
  const { contested: _, ...before } = record;
  return {
    ...before,
    delivery,
    deliveredAt: endedAt,
    ...(result.contested !== undefined && { contested: result.contested }),
  };
}

function ended(delivery: Delivery, at: number): Delivery {
  const duration = Math.max(0, at - Date.parse(delivery.acceptedAt));
  return { ...delivery, endedAt: text(at), duration };
}

/** The times of a report are mostly one millisecond. */
let last = { at: Number.NaN, text: '' };

function text(milliseconds: number): string {
  if (milliseconds !== last.at) last = { at: milliseconds, text: new Date(milliseconds).toISOString() };
  return last.text;
}
