import type { DiscoveredBackend } from '../../status/types.ts';
import { Age } from './age.tsx';
import { Badge, type Mark } from './phase.tsx';

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
  const more = sorted.length - most;
  return (
    <>
      <table>
        <caption>Backends</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Health</th>
            <th scope="col" class="when">
              Checked
            </th>
          </tr>
        </thead>
        {sorted.slice(0, most).map(backend => (
          <tbody>
            <tr>
              <th scope="row">{backend.name}</th>
              <td>
                <Badge mark={markOf(backend)}>{backend.status ?? 'unknown'}</Badge>
              </td>
              <td class="when">
                {backend.lastHealthCheck ? <Age at={backend.lastHealthCheck} now={now} /> : 'never'}
              </td>
            </tr>
            <Notes of={notes(backend)} />
          </tbody>
        ))}
      </table>
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

/** A second line of a row, as wide as the table. */
export function Notes({ of }: { of: readonly string[] }) {
  if (of.length === 0) return null;
  return (
    <tr class="notes">
      <td colspan={3}>
        {of.map(note => (
          <span class="note">{note}</span>
        ))}
      </td>
    </tr>
  );
}
