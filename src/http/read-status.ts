import { long } from '../reporter/kubernetes/reader.ts';
import { parseStatus } from '../status/parse.ts';
import { changesSince, isSettled, settle } from '../status/reading.ts';
import type { DiscoveredBackend, Status } from '../status/types.ts';

/**
 * Checks a report as `parseStatus` does. A backend that says what it said in the report before is not checked again: most
 * of a large report never changes.
 *
 * @param before the backends of the report before on the same resource, where they are known; asked for where it is large
 * @returns a report that nobody may change; a large one is settled
 * @throws InvalidStatusError listing every fault
 */
export function readStatus(body: unknown, before: () => readonly DiscoveredBackend[] | undefined): Status {
  const { discoveredBackends: given } = (body ?? {}) as { discoveredBackends?: unknown };
  if (!Array.isArray(given) || given.length < long) return parseStatus(body);
  return settle(readChanges(body as object, given, before()) ?? parseStatus(body));
}

/** @returns `undefined` where the backends are others, or something is wrong: its place is that in the whole */
function readChanges(
  body: object,
  given: readonly unknown[],
  before: readonly DiscoveredBackend[] | undefined,
): Status | undefined {
  // Of others it is not known that they are valid, or that they stay as they are.
  if (before === undefined || !isSettled(before)) return undefined;
  const places = changesSince(before, given);
  if (places === undefined) return undefined;
  try {
    const changed = places.map(place => given[place]);
    const part = parseStatus({ ...body, discoveredBackends: changed });
    const discoveredBackends = before.slice();
    for (const [index, place] of places.entries()) {
      discoveredBackends[place] = part.discoveredBackends![index]!;
    }
    return { ...part, discoveredBackends };
  } catch {
    return undefined;
  }
}
