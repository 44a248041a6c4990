import type { Condition, DiscoveredBackend } from '../../status/types.ts';
import type { ViewedStatus } from './status-view.ts';
import { plain } from './table.ts';

/** What a reader of the status sees change, in words; empty where only times did. */
export function changesBetween(before: ViewedStatus, after: ViewedStatus): string[] {
  const message = plain(after.message);
  return [
    ...between('phase', plain(before.phase), plain(after.phase)),
    // How many backends can take requests stands on the line already, where the backends do.
    ...(after.discoveredBackends?.length
      ? []
      : between('backends', String(before.backendCount ?? 0), String(after.backendCount ?? 0))),
    ...listed(before.discoveredBackends ?? [], after.discoveredBackends ?? [], nameOf, backendState),
    ...listed(before.conditions ?? [], after.conditions ?? [], typeOf, conditionState),
    ...between('url', plain(before.url), plain(after.url)),
    ...(before.observedGeneration === undefined
      ? []
      : between('observed generation', plain(before.observedGeneration), plain(after.observedGeneration))),
    ...(plain(before.message) === message ? [] : [message ? JSON.stringify(message) : 'no message']),
  ];
}

function between(label: string, before: string, after: string): string[] {
  return before === after ? [] : [`${label} ${before || 'none'} → ${after || 'none'}`];
}

function listed<Item>(
  before: readonly Item[],
  after: readonly Item[],
  keyOf: (item: Item) => string,
  stateOf: (item: Item) => string,
): string[] {
  const states = (items: readonly Item[]) => new Map(items.map(item => [keyOf(item), stateOf(item)]));
  const [old, now] = [states(before), states(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap(key => {
    const [from, to] = [old.get(key), now.get(key)];
    if (from === undefined) return [`+${key} ${to}`];
    if (to === undefined) return [`-${key}`];
    return between(key, from, to);
  });
}

const nameOf = ({ name }: DiscoveredBackend) => plain(name);
const typeOf = ({ type }: Condition) => plain(type);
const conditionState = ({ status, reason }: Condition) => `${plain(status)} (${plain(reason)})`;

function backendState({ status, circuitBreakerState }: DiscoveredBackend): string {
  const circuit =
    circuitBreakerState && circuitBreakerState !== 'closed' ? `, circuit ${circuitBreakerState}` : '';
  return `${plain(status) || 'no status'}${plain(circuit)}`;
}
