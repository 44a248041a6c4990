/**
 * Reads the reports of one reporter. A backend that says what it said in the report before is neither checked nor
 * converted again: most of a large report never changes.
 */

import { type CanonicalStatus, canonicalStatus } from './canonical.ts';
import type { BackendDocument } from './document.ts';
import { parseStatus } from './parse.ts';
import { shareText } from './share-text.ts';
import type { DiscoveredBackend, Status } from './types.ts';

/** Reports, and their lists of backends, that were checked and that nobody changes any more. */
const settled = new WeakSet<object>();

/**
 * Says of a report that `parseStatus` gave back, or what amounts to it, that nobody changes anything in it from now on. It
 * is not checked again, and a backend that is also in the settled report before is not compared.
 */
export function settle(report: Status): Status {
  settled.add(report);
  if (report.discoveredBackends) settled.add(report.discoveredBackends);
  return report;
}

/** Whether they are those of a report that was given to {@link settle}. */
export function isSettled(backends: readonly DiscoveredBackend[]): boolean {
  return settled.has(backends);
}

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
  /** The backends of the report before as they came, where they are settled. */
  let kept: readonly DiscoveredBackend[] | undefined;

  function changes({ discoveredBackends = [] }: Status): number[] | undefined {
    if (kept && isSettled(discoveredBackends)) return changesSince(kept, discoveredBackends, Object.is);
    return changesSince(before.given, discoveredBackends, saysTheSameButForZero);
  }

  function readPart(report: Status, places: readonly number[]): CanonicalStatus | undefined {
    const discoveredBackends = places.map(place => report.discoveredBackends![place]!);
    try {
      return convert({ ...report, discoveredBackends }, settled.has(report));
    } catch {
      // The faults have other places in the whole.
      return undefined;
    }
  }

  return report => {
    const places = changes(report);
    const part = places && readPart(report, places);
    const status = part ?? convert(report, settled.has(report));
    if (part === undefined) before = beforeOf(report, status.discoveredBackends);
    else if (places!.length > 0) before = replaced(before, places!, part.discoveredBackends);
    const { discoveredBackends } = report;
    kept = discoveredBackends && isSettled(discoveredBackends) ? discoveredBackends : undefined;
    return { ...status, discoveredBackends: before.sorted };
  };
}

function convert(report: Status, checked: boolean): CanonicalStatus {
  return canonicalStatus(checked ? report : parseStatus(report));
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
 * @param same whether a backend says what it said before
 */
export function changesSince(
  given: readonly DiscoveredBackend[],
  backends: unknown,
  same: (backend: unknown, before: DiscoveredBackend) => boolean = saysTheSame,
): number[] | undefined {
  if (!Array.isArray(backends) || backends.length !== given.length) return undefined;
  const places: number[] = [];
  for (let place = 0; place < given.length; place++) {
    const backend = backends[place];
    if (same(backend, given[place]!)) continue;
    if (backend?.name !== given[place]!.name) return undefined;
    places.push(place);
  }
  return places;
}

/** {@link saysTheSame} where zero was left out of what was before, as `canonicalStatus` does. */
function saysTheSameButForZero(backend: unknown, before: DiscoveredBackend): boolean {
  return saysTheSame(backend, before, true);
}

/**
 * Member by member, as given: what is equal to something valid is valid. A `Date` is not equal to its text. Written out,
 * since an engine compares members that it knows by name several times as fast.
 */
function saysTheSame(backend: unknown, before: DiscoveredBackend, bare = false): boolean {
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
