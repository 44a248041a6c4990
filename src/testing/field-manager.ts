/**
 * Managed fields around a write: which entry it goes to, what is never tracked, when times move. The layers are those of
 * the API server's field manager.
 */
import type { Atom } from './atom.ts';
import { FieldSet, fieldSetOf } from './field-set.ts';
import { decodeManagers, encodeManagers, type Manager, type Managers, managerId } from './managed-fields.ts';
import {
  asJson,
  asObject,
  type KubernetesObject,
  type ManagedFieldsEntry,
  withMetadata,
  withoutManagedFields,
} from './object.ts';
import { type ApplyOutcome, afterApply, afterUpdate, type FieldConflict, type Writer } from './ownership.ts';

/** Through which endpoint, by whom and when. */
export interface FieldManagerOptions {
  readonly atom: Atom;
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly manager: string;
  /** RFC 3339, whole seconds. */
  readonly time: string;
}

const mostUpdaters = 10;

/** Parts of an object that no manager owns. */
const untracked = fieldSetOf(
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map(name => ['f:metadata', `f:${name}`]),
);

/** What an endpoint never writes: `/status` only the status, the object itself all but that. */
function ignoredBy(subresource: string | undefined): FieldSet {
  return subresource === 'status' ? fieldSetOf(['f:metadata'], ['f:spec']) : fieldSetOf(['f:status']);
}

function writerOf(options: FieldManagerOptions, operation: Manager['operation']): Writer {
  const { apiVersion, subresource, time, manager } = options;
  return {
    manager: {
      name: manager === '' ? 'unknown' : manager,
      operation,
      apiVersion,
      ...(subresource === undefined ? {} : { subresource }),
      time,
      fields: FieldSet.empty,
    },
    ignored: ignoredBy(subresource),
  };
}

/** The object to store after a create (`live` undefined), PUT or patch. */
export function trackUpdate(
  live: KubernetesObject | undefined,
  next: KubernetesObject,
  options: FieldManagerOptions,
): KubernetesObject {
  const managers = managersToStartFrom(live, next, options.subresource !== undefined);
  const bare = withoutManagedFields(next);
  if (live !== undefined && managers.size === 0) return bare; // was never tracked, or the client asked for a reset
  return withManagers(bare, capUpdaters(trackChange(live, bare, managers, options)));
}

function trackChange(
  live: KubernetesObject | undefined,
  next: KubernetesObject,
  managers: Managers,
  options: FieldManagerOptions,
): Managers {
  const writer = writerOf(options, 'Update');
  const before = live === undefined ? {} : asJson(withoutManagedFields(live));
  const after = new Map(afterUpdate(before, asJson(next), options.atom, managers, writer));
  const change = after.get('');
  after.delete('');
  const fields = change?.fields.difference(untracked) ?? FieldSet.empty;
  if (fields.isEmpty) return after;
  const id = managerId(writer.manager);
  return after.set(id, { ...writer.manager, fields: fields.union(after.get(id)?.fields ?? FieldSet.empty) });
}

/** A subresource keeps the live entries; else the client's are taken, `[]` and `[{}]` meaning a reset. */
function managersToStartFrom(
  live: KubernetesObject | undefined,
  next: KubernetesObject,
  subresource: boolean,
): Managers {
  const ofLive = (): Managers => decodeManagers(live?.metadata.managedFields) ?? new Map();
  if (subresource) return ofLive();
  const given = next.metadata.managedFields;
  if (isReset(given)) return new Map();
  const managers = decodeManagers(given);
  return managers === undefined || managers.size === 0 ? ofLive() : managers;
}

function isReset(entries: readonly ManagedFieldsEntry[] | undefined): boolean {
  return entries?.length === 0 || (entries?.length === 1 && Object.keys(entries[0] ?? {}).length === 0);
}

export type TrackedApply =
  | { readonly conflicts: readonly FieldConflict[] }
  | { readonly object: KubernetesObject };

/** The object to store after a server-side apply. */
export function trackApply(
  live: KubernetesObject,
  applied: KubernetesObject,
  options: FieldManagerOptions & { force: boolean },
): TrackedApply {
  const writer = writerOf(options, 'Apply');
  const bare = withoutManagedFields(live);
  let managers: Managers = decodeManagers(live.metadata.managedFields) ?? new Map();
  if (managers.size === 0) {
    const first = {
      atom: options.atom,
      apiVersion: options.apiVersion,
      time: options.time,
      manager: 'before-first-apply',
    };
    const subresource = options.subresource === undefined ? {} : { subresource: options.subresource };
    managers = trackChange(undefined, bare, managers, { ...first, ...subresource });
  }
  const outcome: ApplyOutcome = afterApply(
    asJson(bare),
    asJson(applied),
    options.atom,
    managers,
    writer,
    options.force,
  );
  if ('conflicts' in outcome) return outcome;
  return {
    object: withManagers(
      outcome.changed ? asObject(outcome.object) : bare,
      finishApply(outcome, managers, writer),
    ),
  };
}

function finishApply(
  outcome: Exclude<ApplyOutcome, { conflicts: unknown }>,
  before: Managers,
  writer: Writer,
): Managers {
  const id = managerId(writer.manager);
  const own = outcome.managers.get(id);
  const left = new Map(outcome.managers);
  left.delete(id);
  const fields = own?.fields.difference(untracked) ?? FieldSet.empty;
  if (fields.isEmpty) return left;
  const { time: previous } = before.get(id) ?? {};
  const { time: now, ...manager } = writer.manager;
  const time = outcome.changed ? now : previous;
  return left.set(id, { ...manager, ...(time === undefined ? {} : { time }), fields });
}

function withManagers(object: KubernetesObject, managers: Managers): KubernetesObject {
  return managers.size === 0 ? object : withMetadata(object, { managedFields: encodeManagers(managers) });
}

/** More than ten updaters: the oldest become one entry, `ancient-changes`, per version. */
function capUpdaters(managers: Managers): Managers {
  const updaters = [...managers].filter(([, { operation }]) => operation === 'Update');
  if (updaters.length <= mostUpdaters) return managers;
  const left = new Map(managers);
  const first = new Map<string, string>();
  let count = updaters.length;
  updaters.sort(([a, { time: s = '' }], [b, { time: t = '' }]) => (s < t ? -1 : s > t ? 1 : a < b ? -1 : 1));
  for (const [id, manager] of updaters) {
    if (count <= mostUpdaters) break;
    const { apiVersion, time } = manager;
    const bucket: Manager = {
      name: 'ancient-changes',
      operation: 'Update',
      apiVersion,
      fields: FieldSet.empty,
    };
    const bucketId = managerId(bucket);
    const firstId = first.get(apiVersion);
    if (firstId === undefined) {
      first.set(apiVersion, id);
      continue;
    }
    if (id === bucketId) continue;
    const collected = left.get(bucketId) ?? left.get(firstId);
    if (!left.has(bucketId)) left.delete(firstId);
    left.delete(id);
    const fields = manager.fields.union(collected?.fields ?? FieldSet.empty);
    left.set(bucketId, { ...bucket, ...(time === undefined ? {} : { time }), fields });
    count--;
  }
  return left;
}
