/** Merging an applied configuration into the live object: maps key by key, associative lists item by item. */
import { type Atom, fieldAtom, kindOf, type ListAtom, type MapAtom } from './atom.ts';
import type { Json, JsonObject } from './json.ts';
import { getKey, isObject, setKey } from './json.ts';
import { itemElement, type PathElement } from './path-element.ts';

/** The live value with the applied one on top; `undefined` where nothing comes out. Both must be valid. */
export function mergeTyped(live: Json | undefined, applied: Json | undefined, atom: Atom): Json | undefined {
  if (applied === undefined && live === undefined) return undefined;
  switch (kindOf(atom, applied === undefined ? live : applied)) {
    case 'scalar':
      return leaf(live, applied);
    case 'list':
      return mergeLists(live, applied, atom.list!);
    case 'map':
      return mergeMaps(live, applied, atom.map!);
  }
}

function leaf(live: Json | undefined, applied: Json | undefined): Json | undefined {
  return applied === undefined ? live : applied;
}

function mergeMaps(live: Json | undefined, applied: Json | undefined, map: MapAtom): Json | undefined {
  const [left, right] = [isObject(live) ? live : {}, isObject(applied) ? applied : {}];
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  if (map.atomic || keys.size === 0) return leaf(live, applied);
  const merged: JsonObject = {};
  for (const key of keys) {
    const value = mergeTyped(getKey(left, key), getKey(right, key), fieldAtom(map, key) ?? {});
    if (value !== undefined) setKey(merged, key, value);
  }
  return Object.keys(merged).length > 0 ? merged : undefined;
}

interface Entry {
  element: PathElement;
  item: Json;
}

function mergeLists(live: Json | undefined, applied: Json | undefined, list: ListAtom): Json | undefined {
  const [left, right] = [Array.isArray(live) ? live : [], Array.isArray(applied) ? applied : []];
  if (list.atomic || (left.length === 0 && right.length === 0)) return leaf(live, applied);
  const merged = mergeEntries(entriesOf(left, list), entriesOf(right, list), list.element);
  return merged.length > 0 ? merged : undefined;
}

function entriesOf(items: readonly Json[], list: ListAtom): Entry[] {
  return items.flatMap(item => {
    const found = itemElement(list, item);
    return 'element' in found ? [{ element: found.element, item }] : [];
  });
}

/** The applied order wins among the applied items; live items keep their place between them. */
function mergeEntries(left: readonly Entry[], right: readonly Entry[], atom: Atom): Json[] {
  const inRight = new Set(right.map(({ element }) => element));
  const inLeft = new Map<PathElement, Json>();
  // A duplicate in the live list is replaced, not merged.
  for (const { element, item } of left) inLeft.set(element, inLeft.has(element) ? null : item);
  const shared = right.map(({ element }) => element).filter(element => inLeft.has(element));
  const done = new Set<PathElement>();
  const merged: Json[] = [];
  const take = (live: Json | undefined, applied: Json | undefined): void => {
    const value = mergeTyped(live, applied, atom);
    if (value !== undefined) merged.push(value);
  };
  let [l, r, s] = [0, 0, 0];
  while (l < left.length || r < right.length) {
    const [mine, theirs] = [left[l], right[r]];
    if (mine !== undefined && theirs !== undefined) {
      if (mine.element === theirs.element) {
        done.add(mine.element);
        take(inLeft.get(mine.element), theirs.item);
        l++;
        r++;
        s++;
        continue;
      }
      if (inRight.has(mine.element) && s < shared.length && shared[s] !== mine.element) {
        l++;
        continue;
      }
    }
    if (mine !== undefined) {
      if (!inRight.has(mine.element)) {
        take(mine.item, undefined);
        l++;
        continue;
      }
      if (done.has(mine.element)) l++;
    }
    if (theirs !== undefined) {
      done.add(theirs.element);
      take(inLeft.get(theirs.element), theirs.item);
      if (s < shared.length && shared[s] === theirs.element) s++;
      r++;
    }
  }
  return merged;
}
