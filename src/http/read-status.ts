import { parseStatus } from '../status/parse.ts';
import { changesSince } from '../status/reading.ts';
import type { DiscoveredBackend, Status } from '../status/types.ts';

/** The lists of backends that were read here: of others it is not known that they are valid, or that they stay as they are. */
const known = new WeakSet<readonly DiscoveredBackend[]>();

/**
 * Checks a report as `parseStatus` does. A backend that says what it said in the report before is not checked again: most
 * of a large report never changes.
 *
 * @param before the backends of the report before on the same resource, where they are known
 * @throws InvalidStatusError listing every fault
 */
export function readStatus(body: unknown, before: readonly DiscoveredBackend[] | undefined): Status {
  const status = readChanges(body, before) ?? parseStatus(body);
  if (status.discoveredBackends) known.add(status.discoveredBackends);
  return status;
}

/** @returns `undefined` where the backends are others, or something is wrong: its place is that in the whole */
function readChanges(body: unknown, before: readonly DiscoveredBackend[] | undefined): Status | undefined {
  if (before === undefined || !known.has(before)) return undefined;
  const { discoveredBackends: given } = (body ?? {}) as { discoveredBackends?: unknown[] };
  const places = changesSince(before, given);
  if (places === undefined) return undefined;
  try {
    const changed = places.map(place => given![place]);
    const part = parseStatus({ ...(body as object), discoveredBackends: changed });
    const discoveredBackends = before.slice();
    for (const [index, place] of places.entries()) {
      discoveredBackends[place] = part.discoveredBackends![index]!;
    }
    return { ...part, discoveredBackends };
  } catch {
    return undefined;
  }
}
