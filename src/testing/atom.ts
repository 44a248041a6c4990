/**
 * The types of server-side apply: every place in an object is a scalar, a list or a map, and each list and map is
 * merged item by item or replaced as a whole.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
import type { Json } from './json.ts';
import { isObject } from './json.ts';
import type { Schema } from './schema.ts';

export type Scalar = 'string' | 'numeric' | 'boolean' | 'untyped';

export interface ListAtom {
  /** Replaced as a whole; else its items are known by key, or by value where there are no `keys`. */
  readonly atomic: boolean;
  readonly keys: readonly string[];
  readonly element: Atom;
}

export interface MapAtom {
  readonly atomic: boolean;
  readonly fields: ReadonlyMap<string, Atom>;
  /** Type of the values under undeclared keys; absent where there may be none. */
  readonly element?: Atom;
}

/** What a value may be. More than one where the schema leaves it open. */
export interface Atom {
  readonly scalar?: Scalar;
  readonly list?: ListAtom;
  readonly map?: MapAtom;
}

const noFields: ReadonlyMap<string, Atom> = new Map();

/** Anything, replaced as a whole. */
const untyped: Atom = {
  scalar: 'untyped',
  get list(): ListAtom {
    return { atomic: true, keys: [], element: untyped };
  },
  get map(): MapAtom {
    return { atomic: true, fields: noFields, element: untyped };
  },
};

/** Anything; objects are merged key by key. */
const deduced: Atom = {
  scalar: 'untyped',
  list: { atomic: true, keys: [], element: untyped },
  get map(): MapAtom {
    return deducedMap;
  },
};
const deducedMap: MapAtom = { atomic: false, fields: noFields, element: deduced };

const text: Atom = { scalar: 'string' };
const texts: Atom = { map: { atomic: false, fields: noFields, element: text } };
const untypedScalar: Atom = { scalar: 'untyped' };

/** `ObjectMeta`. */
const metadata: Atom = {
  map: {
    atomic: false,
    fields: new Map<string, Atom>([
      ['annotations', texts],
      ['creationTimestamp', untypedScalar],
      ['deletionGracePeriodSeconds', { scalar: 'numeric' }],
      ['deletionTimestamp', untypedScalar],
      ['finalizers', { list: { atomic: false, keys: [], element: text } }],
      ['generateName', text],
      ['generation', { scalar: 'numeric' }],
      ['labels', texts],
      ['managedFields', { list: { atomic: true, keys: [], element: untyped } }],
      ['name', text],
      ['namespace', text],
      ['ownerReferences', { list: { atomic: false, keys: ['uid'], element: deduced } }],
      ['resourceVersion', text],
      ['selfLink', text],
      ['uid', text],
    ]),
  },
};

/** Type of a whole custom resource with this schema. */
export function objectAtom(schema: Schema): Atom {
  const { map } = atomOf(schema, false);
  const fields = new Map(map?.fields);
  for (const [name, atom] of [
    ['apiVersion', text],
    ['kind', text],
    ['metadata', metadata],
  ] as const)
    fields.set(name, atom);
  return { map: { atomic: false, fields, ...(map?.element === undefined ? {} : { element: map.element }) } };
}

function atomOf(schema: Schema, inherited: boolean): Atom {
  const open = inherited || schema['x-kubernetes-preserve-unknown-fields'] === true;
  switch (schema.type) {
    case 'object':
      return { map: mapOf(schema, open) };
    case 'array':
      return { list: listOf(schema, open) };
    case 'integer':
    case 'number':
      return { scalar: 'numeric' };
    case 'boolean':
      return { scalar: 'boolean' };
    case 'string':
      return { scalar: schema.format === undefined || schema.format === 'byte' ? 'string' : 'untyped' };
    default:
      return { scalar: 'untyped', list: listOf(schema, open), map: mapOf(schema, open) };
  }
}

function mapOf(schema: Schema, open: boolean): MapAtom {
  const properties = Object.entries(schema.properties ?? {});
  const { additionalProperties: additional } = schema;
  const free = additional === true || (additional === undefined && (open || properties.length === 0));
  const element = typeof additional === 'object' ? atomOf(additional, open) : free ? deduced : undefined;
  return {
    atomic: schema['x-kubernetes-map-type'] === 'atomic',
    fields: new Map(properties.map(([name, property]) => [name, atomOf(property, open)])),
    ...(element === undefined ? {} : { element }),
  };
}

function listOf(schema: Schema, open: boolean): ListAtom {
  const type = schema['x-kubernetes-list-type'] ?? 'atomic';
  return {
    atomic: type === 'atomic',
    keys: type === 'map' ? (schema['x-kubernetes-list-map-keys'] ?? []) : [],
    element: schema.items === undefined ? untyped : atomOf(schema.items, open),
  };
}

/** Which of the atom's types `value` is to be treated as. Absent and null fit any. */
export function kindOf(atom: Atom, value: Json | undefined): 'map' | 'scalar' | 'list' {
  if (Array.isArray(value)) {
    if (atom.list !== undefined) return 'list';
  } else if (isObject(value)) {
    if (atom.map !== undefined) return 'map';
  } else if (value !== undefined && value !== null && atom.scalar !== undefined) return 'scalar';
  return atom.map !== undefined ? 'map' : atom.scalar !== undefined ? 'scalar' : 'list';
}

/** Type of the value under a key, `undefined` where the schema has no such key. */
export function fieldAtom(map: MapAtom, key: string): Atom | undefined {
  return map.fields.get(key) ?? map.element;
}
