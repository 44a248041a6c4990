/**
 * Who owns which field after a write: the algorithm of server-side apply, without IO or HTTP.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
import type { Atom } from './atom.ts';
import { type Comparison, compare, without } from './comparison.ts';
import { FieldSet } from './field-set.ts';
import type { JsonObject } from './json.ts';
import { deepEqual, isObject } from './json.ts';
import { type Manager, type Managers, managerId } from './managed-fields.ts';
import { mergeTyped } from './typed-merge.ts';
import { removeFields, toFieldSet } from './typed-value.ts';

/** Who writes, and which fields the endpoint never writes. */
export interface Writer {
  readonly manager: Manager;
  readonly ignored: FieldSet;
}

/** One field that another manager owns. */
export interface FieldConflict {
  readonly manager: Manager;
  readonly path: string;
}

export type ApplyOutcome =
  | { readonly conflicts: readonly FieldConflict[] }
  | {
      readonly object: JsonObject;
      /** Whether `object` differs from the live one. */
      readonly changed: boolean;
      readonly managers: Managers;
    };

/** A write that is no apply: what changed is the writer's, and nobody else's any more. */
export function afterUpdate(
  live: JsonObject,
  next: JsonObject,
  atom: Atom,
  managers: Managers,
  writer: Writer,
): Managers {
  const change = compare(live, next, atom);
  const mine = without(change, writer.ignored);
  const fields = mine.modified.union(mine.added);
  const others = takeFrom(managers, change, writer, undefined);
  return fields.isEmpty ? others : new Map(others).set('', { ...writer.manager, fields });
}

/** An apply: merges, removes what the applier gave up and nobody else owns, and moves ownership. */
export function afterApply(
  live: JsonObject,
  applied: JsonObject,
  atom: Atom,
  managers: Managers,
  writer: Writer,
  force: boolean,
): ApplyOutcome {
  const id = managerId(writer.manager);
  const last = managers.get(id);
  const fields = toFieldSet(applied, atom).recursiveDifference(writer.ignored);
  const owners = new Map(managers).set(id, { ...writer.manager, fields });
  const merged = mergeTyped(live, applied, atom);
  const next = prune(isObject(merged) ? merged : {}, owners, last, atom);
  const change = compare(live, next, atom);
  if (!force) {
    const conflicts = conflictsOf(owners, change, writer, id);
    if (conflicts.length > 0) return { conflicts };
  }
  return { object: next, changed: !deepEqual(live, next), managers: takeFrom(owners, change, writer, id) };
}

/** The endpoint's own version is compared without the ignored fields, any other in full. */
function changeFor(manager: Manager, change: Comparison, writer: Writer): Comparison {
  return manager.apiVersion === writer.manager.apiVersion ? without(change, writer.ignored) : change;
}

function conflictsOf(owners: Managers, change: Comparison, writer: Writer, self: string): FieldConflict[] {
  return [...owners].flatMap(([id, manager]) => {
    if (id === self) return [];
    const { added, modified } = changeFor(manager, change, writer);
    return manager.fields
      .intersection(modified.union(added))
      .paths()
      .map(path => ({ manager, path }));
  });
}

/** Takes what was changed or removed from everyone but `self`; who owns nothing any more is gone. */
function takeFrom(owners: Managers, change: Comparison, writer: Writer, self: string | undefined): Managers {
  const left = new Map<string, Manager>();
  for (const [id, manager] of owners) {
    const { added, modified, removed } = changeFor(manager, change, writer);
    const fields =
      id === self ? manager.fields : manager.fields.difference(modified.union(added)).difference(removed);
    if (!fields.isEmpty) left.set(id, { ...manager, fields });
  }
  return left;
}

/** Removes what the applier applied last time and not now, unless somebody owns it. */
function prune(merged: JsonObject, owners: Managers, last: Manager | undefined, atom: Atom): JsonObject {
  if (last === undefined || last.fields.isEmpty) return merged;
  const named = last.fields.withNamedParents(atom);
  const all = toFieldSet(merged, atom).withNamedParents(atom);
  let pruned = removeFields(merged, named, atom) ?? {};
  // Version by version, as the API server does: an item that only another version's owner holds comes back without
  // what this version's owners hold in it.
  for (const owned of ownedByVersion(owners, last.apiVersion)) {
    const kept = toFieldSet(pruned, atom).withNamedParents(atom).union(owned.withNamedParents(atom));
    pruned = removeFields(merged, all.difference(kept), atom) ?? {};
  }
  // What the applier had not applied last time is not its to remove.
  const stays = toFieldSet(pruned, atom).withNamedParents(atom);
  const result = removeFields(merged, all.difference(stays).intersection(named), atom);
  return isObject(result) ? result : {};
}

/** What is owned in each version, beginning with `first`. */
function ownedByVersion(owners: Managers, first: string): FieldSet[] {
  const owned = new Map<string, FieldSet>([[first, FieldSet.empty]]);
  for (const { apiVersion, fields } of owners.values()) {
    owned.set(apiVersion, (owned.get(apiVersion) ?? FieldSet.empty).union(fields));
  }
  return [...owned.values()];
}
