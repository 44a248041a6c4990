import type { DiscoveredBackend } from '../../status/types.ts';
import { Age } from './age.tsx';
import type { Mark } from './phase.tsx';
import { Table } from './table.tsx';

/** Most rows of one resource; those in trouble come first. */
const most = 100;

const marks: Readonly<Record<string, Mark>> = {
  ready: 'ok',
  unauthenticated: 'ok',
  degraded: 'warn',
  unavailable: 'bad',
};
const order: readonly Mark[] = ['bad', 'warn', 'wait', 'ok'];

function markOf({ status = '' }: DiscoveredBackend): Mark {
  return Object.hasOwn(marks, status) ? marks[status]! : 'wait';
}

/** The backends, those in trouble first. */
export function Backends({ backends, now }: { backends: readonly DiscoveredBackend[]; now: number }) {
  const sorted = [...backends].sort((a, b) => order.indexOf(markOf(a)) - order.indexOf(markOf(b)));
  const rows = sorted.slice(0, most).map(backend => ({
    name: backend.name,
    mark: markOf(backend),
    state: backend.status ?? 'unknown',
    when: backend.lastHealthCheck ? <Age at={backend.lastHealthCheck} now={now} /> : 'never',
    notes: notes(backend),
  }));
  const more = sorted.length - most;
  return (
    <>
      <Table caption="Backends" columns={['Name', 'Health', 'Checked']} rows={rows} />
      {more > 0 && <p class="note">{more} more in the same or better health are not shown.</p>}
    </>
  );
}

/** What there is to say of it beside its health; addresses as text, since anybody may have reported them. */
function notes(backend: DiscoveredBackend): string[] {
  const {
    message = '',
    url = '',
    circuitBreakerState,
    consecutiveFailures = 0,
    authType,
    mcpRevision,
  } = backend;
  const details = [
    circuitBreakerState && circuitBreakerState !== 'closed' && `circuit breaker ${circuitBreakerState}`,
    consecutiveFailures > 0 && `${consecutiveFailures} failed in a row`,
    authType && `auth ${authType}`,
    mcpRevision && `MCP ${mcpRevision}`,
  ];
  // A backend that is ready needs no words for it.
  return [backend.status === 'ready' ? '' : message, details.filter(Boolean).join(' · '), url].filter(
    Boolean,
  );
}
