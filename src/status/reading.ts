/**
 * Reads the reports of one reporter. A backend that says what it said in the report before is neither checked nor
 * converted again: most of a large report never changes.
 */

import { type CanonicalStatus, canonicalStatus } from './canonical.ts';
import type { BackendDocument } from './document.ts';
import { parseStatus } from './parse.ts';
import { shareTexts } from './text.ts';
import type { Status } from './types.ts';

/** The backends of the report before. */
interface Before {
  /** In the order of that report. */
  readonly given: readonly BackendDocument[];
  /** In that of their names. */
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

  function readChanges(report: Status, changes: readonly unknown[]): CanonicalStatus | undefined {
    try {
      return canonicalStatus(parseStatus({ ...report, discoveredBackends: changes }));
    } catch {
      // The faults have other places in the whole.
      return undefined;
    }
  }

  return report => {
    const changes = changesSince(before, report.discoveredBackends);
    const part = changes && readChanges(report, changes);
    if (part === undefined) {
      const whole = canonicalStatus(parseStatus(report));
      const { discoveredBackends: sorted } = whole;
      const named = new Map(sorted.map(backend => [backend.name, backend]));
      before = { sorted, given: (report.discoveredBackends ?? []).map(({ name }) => named.get(name)!) };
      return whole;
    }
    if (part.discoveredBackends.length > 0) {
      const fresh = new Map(part.discoveredBackends.map(backend => [backend.name, backend]));
      const replaced = (backend: BackendDocument) => fresh.get(backend.name) ?? backend;
      const sorted = before.sorted.map(replaced);
      shareTexts(before.sorted, sorted);
      before = { sorted, given: before.given.map(replaced) };
    }
    return { ...part, discoveredBackends: before.sorted };
  };
}

/** What differs of the same backends in the same order; `undefined` where they are others. */
function changesSince({ given }: Before, backends: unknown): unknown[] | undefined {
  if (!Array.isArray(backends) || backends.length !== given.length) return undefined;
  const changes: unknown[] = [];
  for (let index = 0; index < given.length; index++) {
    const backend = backends[index];
    if (saysTheSame(backend, given[index]!)) continue;
    if (backend?.name !== given[index]!.name) return undefined;
    changes.push(backend);
  }
  return changes;
}

/** Member by member, as given: what is equal to something valid is valid. A `Date` is not equal to its text. */
function saysTheSame(backend: unknown, before: BackendDocument): boolean {
  if (typeof backend !== 'object' || backend === null) return false;
  let members = 0;
  for (const key in backend) {
    const value = (backend as BackendDocument)[key];
    if (value === before[key] && value !== undefined) members++;
    else if (key !== 'consecutiveFailures' || value !== 0 || before[key] !== undefined) return false;
  }
  for (const _ in before) members--;
  return members === 0;
}
