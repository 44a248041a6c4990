/**
 * The difference between a live status and a desired one, as the JSON patch that closes it. One comparison serves all:
 * no operation means nothing to write, `remove` operations after an apply are ghosts, `add` operations after a write are
 * what the CRD pruned.
 */

import type { DesiredStatus, Json, JsonObject, StatusDocument } from './document.ts';
import { isZero, sameJson } from './document.ts';
import type { OwnableField } from './ownership.ts';
import { instant } from './time.ts';

/** One operation of RFC 6902. */
export interface Operation {
  readonly op: 'add' | 'replace' | 'remove';
  /** JSON pointer (RFC 6901) from the object's root: `/status/phase`. */
  readonly path: string;
  readonly value?: Json;
}

/** What a comparison looks at; everything else in the live status is somebody else's. */
export interface Scope {
  readonly fields: ReadonlySet<OwnableField>;
  readonly conditions: ReadonlySet<string>;
}

/** What separates a live status from a desired one. */
export interface Difference {
  readonly operations: readonly Operation[];
  /** Whether all that differs is when a backend was last checked: no reason to write. */
  readonly onlyHeartbeat: boolean;
}

const timeFields: ReadonlySet<string> = new Set([
  'lastHealthCheck',
  'circuitLastChanged',
  'lastTransitionTime',
]);

/**
 * @param live `status` as it is; `undefined` where the object has none yet
 * @param scope what is owned: only this is ever changed or removed
 */
export function diffStatus(
  live: StatusDocument | undefined,
  desired: DesiredStatus,
  scope: Scope,
): Difference {
  if (live === undefined) {
    return { operations: [{ op: 'add', path: '/status', value: desired }], onlyHeartbeat: false };
  }
  const operations: Operation[] = [];
  let heartbeats = 0;
  for (const field of scope.fields) {
    if (field !== 'discoveredBackends') diffMember(operations, '/status', field, live[field], desired[field]);
  }
  heartbeats += diffList(operations, 'conditions', 'type', live.conditions, desired.conditions ?? [], type =>
    scope.conditions.has(type),
  );
  if (scope.fields.has('discoveredBackends')) {
    heartbeats += diffList(
      operations,
      'discoveredBackends',
      'name',
      live.discoveredBackends,
      desired.discoveredBackends ?? [],
      () => true,
    );
  }
  return { operations, onlyHeartbeat: operations.length > 0 && operations.length === heartbeats };
}

/** @returns how many of the operations only move a heartbeat */
function diffList(
  operations: Operation[],
  field: string,
  key: string,
  live: readonly JsonObject[] | undefined | null,
  desired: readonly JsonObject[],
  owned: (key: string) => boolean,
): number {
  if (live === desired) return 0;
  const path = `/status/${field}`;
  if (live === undefined || live === null) {
    if (desired.length > 0) operations.push({ op: 'add', path, value: desired });
    return 0;
  }
  let heartbeats = 0;
  if (sameKeys(live, desired, key)) {
    for (let at = 0; at < live.length; at++) {
      if (live[at] !== desired[at])
        heartbeats += diffItem(operations, `${path}/${at}`, live[at]!, desired[at]!);
    }
    return heartbeats;
  }
  const wanted = new Map(desired.map(item => [item[key] as string, item]));
  if (live.length > 0 && wanted.size === 0 && live.every(item => owned(item[key] as string))) {
    operations.push({ op: 'remove', path });
    return 0;
  }

  const gone: number[] = [];
  const kept: string[] = [];
  for (const [index, item] of live.entries()) {
    const name = item[key] as string;
    const want = wanted.get(name);
    if (want === undefined && owned(name)) {
      gone.push(index);
      continue;
    }
    if (want !== undefined) heartbeats += diffItem(operations, `${path}/${index}`, item, want);
    wanted.delete(name);
    kept.push(name);
  }
  for (const index of gone.reverse()) operations.push({ op: 'remove', path: `${path}/${index}` });
  // Into their place where the list is sorted, as ours is; else at the end, as a keyed list allows.
  const sorted = kept.every((name, index) => index === 0 || kept[index - 1]! < name);
  for (const [name, item] of wanted) {
    const at = sorted ? kept.findLastIndex(other => other < name) + 1 : kept.length;
    operations.push({ op: 'add', path: `${path}/${at === kept.length ? '-' : at}`, value: item });
    kept.splice(at, 0, name);
  }
  return heartbeats;
}

function sameKeys(live: readonly JsonObject[], desired: readonly JsonObject[], key: string): boolean {
  if (live.length !== desired.length) return false;
  for (let at = 0; at < live.length; at++) {
    if (live[at] !== desired[at] && live[at]![key] !== desired[at]![key]) return false;
  }
  return true;
}

/** @returns 1 where the only difference is `lastHealthCheck` */
function diffItem(operations: Operation[], path: string, live: JsonObject, desired: JsonObject): number {
  if (live === desired) return 0;
  const before = operations.length;
  for (const name in desired) {
    const want = desired[name];
    const found = live[name];
    if (found !== want) diffMember(operations, path, name, found, want);
  }
  for (const name in live) if (!(name in desired)) diffMember(operations, path, name, live[name], undefined);
  return operations.length === before + 1 && operations[before]!.path.endsWith('/lastHealthCheck') ? 1 : 0;
}

function diffMember(
  operations: Operation[],
  parent: string,
  name: string,
  live: Json | undefined,
  desired: Json | undefined,
): void {
  if (timeFields.has(name) ? sameInstant(live, desired) : sameJson(live, desired)) return;
  const path = `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  if (isZero(desired) && desired !== '') operations.push({ op: 'remove', path });
  else operations.push({ op: live === undefined ? 'add' : 'replace', path, value: desired! });
}

/** Go writes a null for the zero time, which means none. */
function sameInstant(a: Json | undefined, b: Json | undefined): boolean {
  if (isZero(a) || isZero(b)) return isZero(a) && isZero(b);
  return typeof a === 'string' && typeof b === 'string' && instant(a) === instant(b);
}
