/**
 * What another manager has to apply so that it survives when we no longer do. Rare: loaded where an instance is
 * configured to own less than the one before it.
 */

import type { JsonObject, StatusDocument } from './document.ts';
import {
  child,
  type FieldSet,
  listKey,
  type OwnableField,
  type Ownership,
  ownableFields,
} from './ownership.ts';

/**
 * The body of the apply that takes over what `applied` has and `owned` does not cover.
 *
 * @param inherited what the heir holds already: left out, it would be removed
 */
export function cededStatus(
  live: StatusDocument,
  applied: FieldSet | undefined,
  owned: Ownership,
  inherited: FieldSet | undefined,
): JsonObject {
  return project(live, [cededFields(applied, owned), inherited]);
}

/** The part of `fields` that `owned` does not cover. */
function cededFields(fields: FieldSet | undefined, owned: Ownership): FieldSet {
  const ceded = Object.entries(fields ?? {}).flatMap(([key, value]): [string, FieldSet][] => {
    if (key === 'f:conditions') {
      const types = Object.entries(value as FieldSet).filter(([item]) => {
        const type = listKey(item)?.['type'];
        return typeof type === 'string' && !owned.mayOwn(type);
      });
      return types.length > 0 ? [[key, Object.fromEntries(types)]] : [];
    }
    const field = key.slice(2) as OwnableField;
    return ownableFields.includes(field) && !owned.fields.has(field) ? [[key, value as FieldSet]] : [];
  });
  return Object.fromEntries(ceded);
}

/** The values that the given field sets name, as they are in `live`. */
function project(live: StatusDocument, fieldSets: readonly (FieldSet | undefined)[]): JsonObject {
  return projectObject(
    live,
    fieldSets.filter(fields => fields !== undefined),
  );
}

function projectObject(live: JsonObject, fieldSets: readonly FieldSet[]): JsonObject {
  const out: Record<string, JsonObject[string]> = {};
  for (const fields of fieldSets) {
    for (const key of Object.keys(fields)) {
      const name = key.slice(2);
      const value = live[name];
      if (!key.startsWith('f:') || value === undefined || name in out) continue;
      const below = children(fieldSets, key);
      out[name] = Array.isArray(value) ? projectList(value as readonly JsonObject[], below) : value;
    }
  }
  return out;
}

function projectList(live: readonly JsonObject[], fieldSets: readonly FieldSet[]): JsonObject[] {
  const keys = new Set(fieldSets.flatMap(fields => Object.keys(fields).filter(key => key.startsWith('k:'))));
  return [...keys].flatMap(key => {
    const wanted = Object.entries(listKey(key) ?? {});
    const item = live.find(item => wanted.every(([name, value]) => item[name] === value));
    return item === undefined
      ? []
      : [{ ...Object.fromEntries(wanted), ...projectObject(item, children(fieldSets, key)) }];
  });
}

function children(fieldSets: readonly FieldSet[], key: string): FieldSet[] {
  return fieldSets.map(set => child(set, key)).filter(fields => fields !== undefined);
}
