/** Which fields differ between two versions of an object, as server-side apply sees it. */
import { type Atom, fieldAtom, kindOf, type ListAtom, type MapAtom } from './atom.ts';
import { FieldSet } from './field-set.ts';
import type { Json } from './json.ts';
import { deepEqual, getKey, isObject } from './json.ts';
import { fieldElement, itemElement, type PathElement } from './path-element.ts';

/** No field is in more than one of the three. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

type Change = keyof Comparison;
const changes: readonly Change[] = ['added', 'modified', 'removed'];

export const noChange: Comparison = {
  added: FieldSet.empty,
  modified: FieldSet.empty,
  removed: FieldSet.empty,
};

export function compare(left: Json, right: Json, atom: Atom): Comparison {
  return compareValues(left, right, atom).below;
}

interface Difference {
  self?: Change;
  below: Comparison;
}

function compareValues(left: Json | undefined, right: Json | undefined, atom: Atom): Difference {
  if (left === right) return { below: noChange };
  const kinds = new Set([
    ...(left === undefined ? [] : [kindOf(atom, left)]),
    ...(right === undefined ? [] : [kindOf(atom, right)]),
  ]);
  const collector = new Collector();
  let leaf = false;
  for (const kind of kinds) {
    if (kind === 'scalar') leaf = true;
    else if (kind === 'map') leaf = compareMaps(left, right, atom.map!, collector) || leaf;
    else leaf = compareLists(left, right, atom.list!, collector) || leaf;
  }
  const below = collector.done();
  if (left === undefined) return { self: 'added', below };
  if (right === undefined) return { self: 'removed', below };
  return leaf && !deepEqual(left, right) ? { self: 'modified', below } : { below };
}

/** Whether the map is a leaf: replaced as a whole, or empty on both sides. */
function compareMaps(
  left: Json | undefined,
  right: Json | undefined,
  map: MapAtom,
  collector: Collector,
): boolean {
  const [before, after] = [isObject(left) ? left : {}, isObject(right) ? right : {}];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  if (map.atomic || keys.size === 0) return true;
  for (const key of keys) {
    collector.add(
      fieldElement(key),
      compareValues(getKey(before, key), getKey(after, key), fieldAtom(map, key) ?? {}),
    );
  }
  return false;
}

function compareLists(
  left: Json | undefined,
  right: Json | undefined,
  list: ListAtom,
  collector: Collector,
): boolean {
  const [before, after] = [Array.isArray(left) ? left : [], Array.isArray(right) ? right : []];
  if (list.atomic || (before.length === 0 && after.length === 0)) return true;
  const [old, now] = [byElement(before, list), byElement(after, list)];
  for (const element of new Set([...old.keys(), ...now.keys()])) {
    compareItems(element, old.get(element) ?? [], now.get(element) ?? [], list, collector);
  }
  return false;
}

/** Items of the same key: one on each side as a rule, but stored lists may hold duplicates. */
function compareItems(
  element: PathElement,
  old: Json[],
  now: Json[],
  list: ListAtom,
  collector: Collector,
): void {
  if (old.length <= 1 && now.length <= 1) {
    collector.add(element, compareValues(old[0], now[0], list.element));
  } else if (old.length >= 2 && now.length >= 2) {
    if (!deepEqual(old, now)) collector.add(element, { self: 'modified', below: noChange });
  } else if (old.length >= 2) {
    if (now.length > 0) collector.add(element, compareValues(undefined, now[0], list.element));
    collector.add(element, { self: 'removed', below: noChange });
  } else {
    if (old.length > 0) collector.add(element, compareValues(old[0], undefined, list.element));
    collector.add(element, { self: 'added', below: noChange });
  }
}

function byElement(items: readonly Json[], list: ListAtom): Map<PathElement, Json[]> {
  const found = new Map<PathElement, Json[]>();
  for (const item of items) {
    const key = itemElement(list, item);
    if (!('element' in key)) continue;
    const same = found.get(key.element);
    if (same === undefined) found.set(key.element, [item]);
    else same.push(item);
  }
  return found;
}

class Collector {
  readonly #members = {
    added: new Set<PathElement>(),
    modified: new Set<PathElement>(),
    removed: new Set<PathElement>(),
  };
  readonly #children = {
    added: new Map<PathElement, FieldSet>(),
    modified: new Map<PathElement, FieldSet>(),
    removed: new Map<PathElement, FieldSet>(),
  };

  add(element: PathElement, { self, below }: Difference): void {
    if (self !== undefined) this.#members[self].add(element);
    for (const change of changes) {
      if (!below[change].isEmpty) this.#children[change].set(element, below[change]);
    }
  }

  done(): Comparison {
    const set = (change: Change): FieldSet =>
      this.#members[change].size === 0 && this.#children[change].size === 0
        ? FieldSet.empty
        : new FieldSet(this.#members[change], this.#children[change]);
    return { added: set('added'), modified: set('modified'), removed: set('removed') };
  }
}

/** The comparison without the fields that the endpoint does not write. */
export function without(comparison: Comparison, fields: FieldSet): Comparison {
  return {
    added: comparison.added.recursiveDifference(fields),
    modified: comparison.modified.recursiveDifference(fields),
    removed: comparison.removed.recursiveDifference(fields),
  };
}
