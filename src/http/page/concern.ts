import type { Phase } from '../../status/types.ts';
import type { ResourceRecord } from '../model.ts';

/** Milliseconds without a report after which a gateway counts as silent: ten of its usual intervals. */
export const silence = 300_000;

/** What speaks against a resource although its phase may look well. */
export interface Concern {
  readonly title: string;
  /** Since when, where the title ends with how long it has been so. */
  readonly since?: string;
  readonly detail: string;
}

/** Whether its gateway has stopped reporting. */
export function isSilent(record: ResourceRecord, now: number): boolean {
  return now - Date.parse(record.delivery.acceptedAt) > silence;
}

/** What somebody should know besides the phase, worst first. */
export function concernsOf(record: ResourceRecord, now: number): Concern[] {
  const { delivery, contested = [] } = record;
  const concerns: Concern[] = [];
  if (delivery.state === 'failed') {
    concerns.push({
      title: 'The cluster does not have this report.',
      detail: `${delivery.error?.detail ?? 'The delivery failed.'} (${delivery.error?.code ?? 'internal'})`,
    });
  }
  if (isSilent(record, now)) {
    const detail = 'What is shown may no longer be so.';
    concerns.push({ title: 'No report for ', since: delivery.acceptedAt, detail });
  }
  if (delivery.outcome === 'partial') {
    concerns.push({
      title: 'Something stale is still there.',
      detail: 'Another writer holds what could not be removed; the next report tries again.',
    });
  }
  if (contested.length > 0) {
    concerns.push({
      title: contested.length === 1 ? 'A field is contested.' : `${contested.length} fields are contested.`,
      detail: `Another writer keeps changing back ${contested.join(', ')}.`,
    });
  }
  return concerns;
}

/** How a resource is to be seen: its phase, or `Degraded` where it is well but something speaks against it. */
export function toneOf(record: ResourceRecord, now: number): Phase {
  const { phase } = record.status;
  return phase === 'Ready' && concernsOf(record, now).length > 0 ? 'Degraded' : phase;
}
