import type { DiscoveredBackend, Status } from '../../status/types.ts';
import { ageOf } from './age.ts';
import { byHealth, type Colours } from './colours.ts';
import { plain, table } from './table.ts';

/** A status for people, with what the operator keeps beside it. */
export interface ViewedStatus extends Partial<Status> {
  readonly url?: string;
}

export interface ViewOptions {
  /** `namespace/name`, or whatever the status is called. */
  readonly title: string;
  readonly generation?: number | undefined;
  readonly colours: Colours;
  /** The clock, in milliseconds since the epoch. */
  readonly now: number;
}

/** Phase and message, then conditions and backends as tables. */
export function statusView(status: ViewedStatus, { title, generation, colours, now }: ViewOptions): string {
  const phase = plain(status.phase) || 'no phase';
  const parts = [
    [colours.bold(title), byHealth(colours, phase), plain(status.message)].filter(Boolean).join('  '),
    facts(status, generation),
    table(
      ['CONDITION', 'STATUS', 'AGE', 'REASON', 'MESSAGE'],
      (status.conditions ?? []).map(({ type, status, lastTransitionTime, reason, message }) => [
        plain(type),
        plain(status),
        ageOf(timeText(lastTransitionTime), now),
        plain(reason),
        plain(message),
      ]),
    ),
    table(
      ['BACKEND', 'STATUS', 'CHECKED', 'FAILURES', 'CIRCUIT', 'URL', 'MESSAGE'],
      (status.discoveredBackends ?? []).map(backend => backendRow(backend, colours, now)),
    ),
  ];
  return `${parts
    .map(part => part.trimEnd())
    .filter(Boolean)
    .join('\n\n')}\n`;
}

function facts(status: ViewedStatus, generation: number | undefined): string {
  const { url, backendCount = 0, observedGeneration, discoveredBackends: { length } = [] } = status;
  const lines = [
    url && `url: ${plain(url)}`,
    length > 0 && `backends that can take requests: ${backendCount} of ${length}`,
    observedGeneration !== undefined &&
      `observed generation: ${observedGeneration}${generation === undefined ? '' : ` of ${generation}`}`,
  ];
  return lines.filter(Boolean).join('\n');
}

function backendRow(backend: DiscoveredBackend, colours: Colours, now: number): string[] {
  const { name, status, lastHealthCheck, consecutiveFailures, circuitBreakerState, url, message } = backend;
  return [
    plain(name),
    byHealth(colours, plain(status)),
    ageOf(timeText(lastHealthCheck), now),
    plain(consecutiveFailures),
    plain(circuitBreakerState === 'closed' ? '' : circuitBreakerState),
    plain(url),
    plain(message),
  ];
}

function timeText(time: unknown): string | undefined {
  if (time instanceof Date) return time.toISOString();
  return typeof time === 'string' ? time : undefined;
}
