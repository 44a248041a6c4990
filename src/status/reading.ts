/**
 * Reads the reports of one reporter. A backend that says what it said in the report before is neither checked nor
 * converted again: most of a large report never changes.
 */

import { type CanonicalStatus, canonicalStatus } from './canonical.ts';
import type { BackendDocument } from './document.ts';
import { parseStatus } from './parse.ts';
import { shareText } from './share-text.ts';
import type { DiscoveredBackend, Status } from './types.ts';

/** The backends of the report before. */
interface Before {
  /** In the order of that report. */
  readonly given: readonly BackendDocument[];
  /** In that of their names: the same list where that is the same order. */
  readonly sorted: readonly BackendDocument[];
}

/**
 * A function from reports to what `canonicalStatus(parseStatus(report))` makes of them; backends that did not change are
 * the very same objects in each.
 *
 * @throws (the function) InvalidStatusError listing every fault
 */
export function createReportReader(): (report: Status) => CanonicalStatus {
  let before: Before = { given: [], sorted: [] };

  function readPart(report: Status, places: readonly number[]): CanonicalStatus | undefined {
    try {
      const discoveredBackends = places.map(place => report.discoveredBackends![place]!);
      return canonicalStatus(parseStatus({ ...report, discoveredBackends }));
    } catch {
      // The faults have other places in the whole.
      return undefined;
    }
  }

  return report => {
    const places = changesSince(before.given, report.discoveredBackends, true);
    const part = places && readPart(report, places);
    if (part === undefined) {
      const whole = canonicalStatus(parseStatus(report));
      before = beforeOf(report, whole.discoveredBackends);
      return whole;
    }
    if (places!.length > 0) before = replaced(before, places!, part.discoveredBackends);
    return { ...part, discoveredBackends: before.sorted };
  };
}

function beforeOf(report: Status, sorted: readonly BackendDocument[]): Before {
  const names = report.discoveredBackends ?? [];
  if (names.every(({ name }, place) => name === sorted[place]!.name)) return { given: sorted, sorted };
  const named = new Map(sorted.map(backend => [backend.name, backend]));
  return { given: names.map(({ name }) => named.get(name)!), sorted };
}

/** @param places of the changed backends, in the order of the report */
function replaced(before: Before, places: readonly number[], changed: readonly BackendDocument[]): Before {
  const named = new Map(changed.map(backend => [backend.name, backend]));
  const given = before.given.slice();
  for (const place of places) given[place] = named.get(given[place]!.name)!;
  const sorted =
    before.given === before.sorted ? given : before.sorted.map(backend => named.get(backend.name) ?? backend);
  shareText(before.sorted, sorted);
  return { given, sorted };
}

/**
 * The places of what differs of the same backends in the same order; `undefined` where they are others.
 *
 * @param given as `parseStatus` gave them back
 * @param bare whether zero was left out of them, as `canonicalStatus` does
 */
export function changesSince(
  given: readonly DiscoveredBackend[],
  backends: unknown,
  bare = false,
): number[] | undefined {
  if (!Array.isArray(backends) || backends.length !== given.length) return undefined;
  const places: number[] = [];
  for (let place = 0; place < given.length; place++) {
    const backend = backends[place];
    if (saysTheSame(backend, given[place]!, bare)) continue;
    if (backend?.name !== given[place]!.name) return undefined;
    places.push(place);
  }
  return places;
}

/**
 * Member by member, as given: what is equal to something valid is valid. A `Date` is not equal to its text. Written out,
 * since an engine compares members that it knows by name several times as fast.
 */
function saysTheSame(backend: unknown, before: DiscoveredBackend, bare: boolean): boolean {
  if (typeof backend !== 'object' || backend === null) return false;
  const now = backend as DiscoveredBackend;
  const unfailing = bare && now.consecutiveFailures === 0 && before.consecutiveFailures === undefined;
  return (
    now.name === before.name &&
    now.url === before.url &&
    now.status === before.status &&
    now.authConfigRef === before.authConfigRef &&
    now.authType === before.authType &&
    now.lastHealthCheck === before.lastHealthCheck &&
    now.message === before.message &&
    now.circuitBreakerState === before.circuitBreakerState &&
    now.circuitLastChanged === before.circuitLastChanged &&
    (now.consecutiveFailures === before.consecutiveFailures || unfailing) &&
    now.mcpRevision === before.mcpRevision &&
    // Nothing else is in it.
    members(now) === members(before) + (unfailing ? 1 : 0)
  );
}

function members(object: object): number {
  let count = 0;
  for (const _ in object) count++;
  return count;
}
