/**
 * One step into an object, in the spelling of FieldsV1: `f:name`, `k:{"type":"Ready"}`, `v:"value"`, `i:3`.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/#ObjectMeta
 */
import type { ListAtom } from './atom.ts';
import type { Json, JsonObject } from './json.ts';
import { getKey, isObject } from './json.ts';

export type PathElement = string;

export function fieldElement(name: string): PathElement {
  return `f:${name}`;
}

/** The step to an item of an associative list, or why there is none. */
export function itemElement(list: ListAtom, item: Json): { element: PathElement } | { error: string } {
  if (list.keys.length === 0) {
    if (isObject(item)) return { error: "associative list without keys has an element that's a map type" };
    if (Array.isArray(item)) return { error: 'not supported: associative list with lists as elements' };
    if (item === null)
      return { error: "associative list without keys has an element that's an explicit null" };
    return { element: `v:${JSON.stringify(item)}` };
  }
  if (item === null) return { error: 'associative list with keys may not have a null element' };
  if (!isObject(item)) return { error: 'associative list with keys may not have non-map elements' };
  const key: JsonObject = {};
  for (const name of [...list.keys].sort()) {
    const value = getKey(item, name);
    if (value !== undefined) key[name] = value;
  }
  if (Object.keys(key).length === 0) {
    const names = list.keys.map(name => JSON.stringify(name)).join(' ');
    const rest = "(and doesn't have default values for any key fields)";
    return {
      error: `associative list with keys has an element that omits all key fields [${names}] ${rest}`,
    };
  }
  return { element: `k:${JSON.stringify(key)}` };
}

/** As Kubernetes prints it: `.name`, `[type="Ready"]`, `[="value"]`, `[3]`. */
export function describeElement(element: PathElement): string {
  const rest = element.slice(2);
  switch (element[0]) {
    case 'f':
      return `.${rest}`;
    case 'k': {
      const pairs = Object.entries(JSON.parse(rest) as JsonObject).map(
        ([name, value]) => `${name}=${JSON.stringify(value)}`,
      );
      return `[${pairs.join(',')}]`;
    }
    case 'v':
      return `[=${rest}]`;
    default:
      return `[${rest}]`;
  }
}

/** Spells an element from the wire as this module does, so that equal ones are the same text. */
export function canonicalElement(element: string): PathElement {
  if (!element.startsWith('k:') && !element.startsWith('v:')) return element;
  const value = JSON.parse(element.slice(2)) as Json;
  const sorted = isObject(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
  return `${element.slice(0, 2)}${JSON.stringify(sorted)}`;
}

const rank = 'fkvi';

/** Fields, keys, values, indexes; each in order. */
export function compareElements(a: PathElement, b: PathElement): number {
  if (a[0] !== b[0]) return rank.indexOf(a[0] ?? '') - rank.indexOf(b[0] ?? '');
  if (a.startsWith('i:')) return Number(a.slice(2)) - Number(b.slice(2));
  return a < b ? -1 : a > b ? 1 : 0;
}
