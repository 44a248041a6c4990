import { parseStatus } from '../status/parse.ts';
import { changesSince } from '../status/reading.ts';
import type { DiscoveredBackend, Status } from '../status/types.ts';
import { Recent } from './recent.ts';
import type { Target } from './target.ts';

/**
 * A function that checks reports as `parseStatus` does. A backend that says what it said in the report before on the same
 * resource is not checked again: most of a large report never changes.
 *
 * @param limit resources whose last backends are remembered. Default 1000.
 * @throws (the function) InvalidStatusError listing every fault
 */
export function createStatusReader(limit = 1000): (body: unknown, target: Target) => Status {
  const before = new Recent<readonly DiscoveredBackend[]>(limit);

  return (body, { namespace, name }) => {
    const key = `${namespace} ${name}`;
    const known = before.get(key);
    const status = (known && parseChanges(known, body)) ?? parseStatus(body);
    if (status.discoveredBackends !== undefined) before.set(key, status.discoveredBackends);
    return status;
  };
}

/** @returns `undefined` where the backends are others, or something is wrong: its place is that in the whole */
function parseChanges(known: readonly DiscoveredBackend[], body: unknown): Status | undefined {
  const { discoveredBackends: given } = (body ?? {}) as { discoveredBackends?: unknown[] };
  const places = changesSince(known, given);
  if (places === undefined) return undefined;
  try {
    const changed = places.map(place => given![place]);
    const part = parseStatus({ ...(body as object), discoveredBackends: changed });
    const discoveredBackends = known.slice();
    for (const [index, place] of places.entries()) {
      discoveredBackends[place] = part.discoveredBackends![index]!;
    }
    return { ...part, discoveredBackends };
  } catch {
    return undefined;
  }
}
