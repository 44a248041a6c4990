import type { Mutable } from '../defined.ts';
import { isStatusReporterError } from '../errors.ts';
import type { ReportResult } from '../reporter/reporter.ts';
import type { Delivery, ResourceRecord, Submission } from './model.ts';
import { toProblem } from './problem.ts';
import { keepTransitionTimes } from './transition-times.ts';

/**
 * How records and deliveries follow from reports and their ends. Pure; every dispatcher builds them with these. Member by
 * member where a report passes: to spread an object costs an engine several times as much.
 */

/** Changes of phase that a record keeps. */
const longestTimeline = 50;

/** A report that was just taken. */
export function pendingDelivery(id: string, acceptedAt: number): Delivery {
  return { id, state: 'pending', acceptedAt: text(acceptedAt), attempts: 0 };
}

/** The end of a delivery that worked. */
export function deliveredDelivery(delivery: Delivery, result: ReportResult, endedAt: number): Delivery {
  const { id, acceptedAt } = delivery;
  return {
    id,
    state: 'delivered',
    acceptedAt,
    endedAt: text(endedAt),
    duration: durationOf(delivery, endedAt),
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
    ...delivery,
    state: 'failed',
    endedAt: text(endedAt),
    duration: durationOf(delivery, endedAt),
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
  const record: Mutable<ResourceRecord> = {
    namespace: target.namespace,
    name: target.name,
    status: keepTransitionTimes(status, before?.status, at),
    observedAt: at,
    delivery,
    timeline: moved ? [...timeline, { phase: status.phase, at }].slice(-longestTimeline) : timeline,
  };
  if (instance !== undefined) record.instance = instance;
  if (before?.deliveredAt !== undefined) record.deliveredAt = before.deliveredAt;
  if (before?.contested !== undefined) record.contested = before.contested;
  return record;
}

/** The record after that delivery ended. */
export function settledRecord(record: ResourceRecord, delivery: Delivery): ResourceRecord {
  const { result, endedAt } = delivery;
  if (result === undefined || endedAt === undefined) return { ...record, delivery };
  const { namespace, name, status, instance, observedAt, timeline } = record;
  const settled: Mutable<ResourceRecord> = {
    namespace,
    name,
    status,
    observedAt,
    delivery,
    timeline,
    deliveredAt: endedAt,
  };
  if (instance !== undefined) settled.instance = instance;
  if (result.contested !== undefined) settled.contested = result.contested;
  return settled;
}

function durationOf({ acceptedAt }: Delivery, endedAt: number): number {
  return Math.max(0, endedAt - Date.parse(acceptedAt));
}

/** The times of a report are mostly one millisecond. */
let last = { at: Number.NaN, text: '' };

function text(milliseconds: number): string {
  if (milliseconds !== last.at) last = { at: milliseconds, text: new Date(milliseconds).toISOString() };
  return last.text;
}
