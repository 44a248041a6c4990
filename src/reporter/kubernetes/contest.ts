/**
 * Notices that somebody keeps changing back what we write, says so once, and heals it ever less often: two writers that
 * both insist would otherwise write for ever.
 */

import { diffStatus, type Scope } from '../../status/diff.ts';
import type { DesiredStatus, StatusDocument } from '../../status/document.ts';
import { holds, type ManagedFieldsEntry, type OwnableField } from '../../status/ownership.ts';
import { yieldTo } from '../../status/yielding.ts';
import type { Log } from '../logger.ts';
import type { KnownObject } from './known.ts';

/** Overwrites in a row from which a part counts as contested. */
const threshold = 3;
/** Milliseconds for which a contested part is left alone at first; doubles every time. */
const firstPause = 60_000;
const longestPause = 3_600_000;

interface Contest {
  overwrites: number;
  /** When it may be healed again, in milliseconds since the epoch. */
  pausedUntil: number;
  /** What we wanted it to be when the pause began: something new to say ends it. */
  wanted: DesiredStatus;
}

/** What we last wrote. */
export interface Written {
  readonly desired: DesiredStatus;
  readonly scope: Scope;
}

/** What is left to others, and what that leaves to us. */
export interface Yielded {
  readonly desired: DesiredStatus;
  readonly yielded: ReadonlySet<string>;
}

export interface ContestTracker {
  /** Compares a fresh read with what we last wrote. */
  observe(known: KnownObject, written: Written, managedFields: readonly ManagedFieldsEntry[]): void;
  /** Parts to leave as they are for now, given what we would like them to be; and the status with these as they are. */
  yield(live: StatusDocument, desired: DesiredStatus, scope: Scope): Yielded;
}

export function createContestTracker(fieldManager: string, log: Log, now: () => number): ContestTracker {
  const contests = new Map<string, Contest>();
  let warnedOfReplicas = false;

  function overwritten(path: string, written: Written, managedFields: readonly ManagedFieldsEntry[]): void {
    const contest = contests.get(path) ?? { overwrites: 0, pausedUntil: 0, wanted: written.desired };
    contests.set(path, contest);
    contest.overwrites++;
    const by = suspect(managedFields, path, fieldManager);
    if (by === fieldManager && !warnedOfReplicas) {
      warnedOfReplicas = true;
      log(
        'warn',
        `Another instance of the field manager "${fieldManager}" writes this status: are there several replicas?`,
        {
          path,
          fieldManager,
        },
      );
    }
    if (contest.overwrites < threshold) return;
    contest.wanted = written.desired;
    contest.pausedUntil = now() + Math.min(longestPause, firstPause * 2 ** (contest.overwrites - threshold));
    if (contest.overwrites > threshold) return;
    log(
      'warn',
      `status.${path} is contested: ${by ?? 'an unknown writer'} keeps changing it, and it is healed less often`,
      {
        path,
        manager: by ?? 'unknown',
      },
    );
  }

  return {
    observe(known, written, managedFields) {
      for (const [path, scope] of parts(written.scope)) {
        const contest = contests.get(path);
        if (contest !== undefined && contest.pausedUntil > now()) continue;
        const { operations, onlyHeartbeat } = diffStatus(known.status ?? {}, written.desired, scope);
        if (operations.length > 0 && !onlyHeartbeat) overwritten(path, written, managedFields);
        else contests.delete(path);
      }
    },
    yield(live, desired, scope) {
      const yielded = new Set<string>();
      for (const [path, part] of parts(scope)) {
        const contest = contests.get(path);
        if (contest === undefined || contest.pausedUntil <= now()) continue;
        if (saysTheSame(contest.wanted, desired, part)) yielded.add(path);
        else contest.pausedUntil = 0;
      }
      return { yielded, desired: yielded.size > 0 ? yieldTo(live, desired, yielded) : desired };
    },
  };
}

/** The parts of a scope that can be contested one by one, each with a scope of its own. */
function* parts({ fields, conditions }: Scope): Generator<[path: string, scope: Scope]> {
  for (const field of fields)
    yield [field, { fields: new Set<OwnableField>([field]), conditions: new Set() }];
  for (const type of conditions)
    yield [`conditions/${type}`, { fields: new Set(), conditions: new Set([type]) }];
}

/** When a condition last flipped is computed against the live one, which is not ours here. */
function saysTheSame(before: DesiredStatus, after: DesiredStatus, scope: Scope): boolean {
  return diffStatus(before, after, scope).operations.every(({ path }) =>
    /\/last(HealthCheck|TransitionTime)$/.test(path),
  );
}

/** Who may have been it: our own name where we still hold the path, else the latest other manager that does. */
function suspect(
  managedFields: readonly ManagedFieldsEntry[],
  path: string,
  fieldManager: string,
): string | undefined {
  const holders = managedFields.filter(({ fieldsV1 }) =>
    holds(fieldsV1?.['f:status'] as ManagedFieldsEntry['fieldsV1'], path),
  );
  if (holders.some(({ manager }) => manager === fieldManager)) return fieldManager;
  return holders.sort((a, b) => (b.time ?? '').localeCompare(a.time ?? ''))[0]?.manager;
}
