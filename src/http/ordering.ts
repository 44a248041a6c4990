import { InvalidStatusError } from '../errors.ts';
import { instant } from '../status/time.ts';
import type { Time } from '../status/types.ts';

/** Which of two reports is the later one: the rules by which late arrivals never win. Pure. */

/** The last accepted report of one reporter instance. */
export interface Position {
  /** Empty for reports that name no instance. */
  readonly instance: string;
  /** Milliseconds since the epoch. */
  readonly observedAt: number;
}

/** Milliseconds by which the clock of a gateway may be ahead: a report dated 2099 must not block a resource for ever. */
export const mostAhead = 60_000;

/** Instances remembered for each resource: a rolling update of that many pods at once. */
const mostInstances = 16;

/**
 * When a report was observed, in milliseconds since the epoch: its timestamp, else its arrival.
 *
 * @throws InvalidStatusError where the timestamp lies more than a minute in the future
 */
export function observedAt(timestamp: Time | undefined, arrivedAt: number): number {
  if (timestamp === undefined) return arrivedAt;
  const at = instant(timestamp);
  if (at <= arrivedAt + mostAhead) return at;
  const now = new Date(arrivedAt).toISOString();
  throw new InvalidStatusError([
    {
      path: ['timestamp'],
      message: `expected a time at most ${mostAhead / 1000} s after ${now}, found ${new Date(at).toISOString()}`,
    },
  ]);
}

/**
 * Takes a report into account. Within one instance time does not go back; equal times are taken. Instances do not know
 * each other's clocks, so a new one starts afresh; those before it are remembered, and theirs stay ordered too.
 *
 * @param positions as the report before left them, the latest last
 * @returns the positions after this report; `undefined` where it is stale
 */
export function advance(
  positions: readonly Position[],
  { instance = '', observedAt }: { readonly instance?: string; readonly observedAt: number },
): readonly Position[] | undefined {
  const last = positions.find(position => position.instance === instance);
  if (last !== undefined && observedAt < last.observedAt) return undefined;
  const others = positions.filter(position => position !== last);
  return [...others.slice(-(mostInstances - 1)), { instance, observedAt }];
}
