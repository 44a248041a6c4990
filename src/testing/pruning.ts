/**
 * What the API server does to every custom resource it decodes: unknown fields are dropped, nulls that mean nothing are
 * dropped, defaults are filled in.
 *
 * @see https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning
 */
import type { Json, JsonObject } from './json.ts';
import { isObject, setKey } from './json.ts';
import type { Schema } from './schema.ts';

export interface Pruned {
  readonly value: JsonObject;
  /** Paths of the dropped fields: `status.foo`, `status.conditions[0].foo`. */
  readonly unknown: readonly string[];
}

/** Drops undeclared fields and meaningless nulls of a whole object; the fields in `keep` are not looked into. */
export function pruneObject(
  object: JsonObject,
  schema: Schema,
  keep: readonly string[] = ['apiVersion', 'kind', 'metadata'],
): Pruned {
  const unknown: string[] = [];
  const open: Record<string, Schema> = Object.fromEntries(keep.map(name => [name, {}]));
  const value = prune(object, { ...schema, properties: { ...schema.properties, ...open } }, '', unknown);
  return { value: isObject(value) ? value : {}, unknown };
}

function prune(value: Json, schema: Schema, path: string, unknown: string[]): Json {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined
      ? value
      : value.map((item, index) => prune(item, items, `${path}[${index}]`, unknown));
  }
  if (!isObject(value)) return value;
  const { properties, additionalProperties } = schema;
  if (properties === undefined && additionalProperties === undefined && schema.type === undefined)
    return value;
  const kept: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    const at = path === '' ? key : `${path}.${key}`;
    const property = properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
    const declared =
      property ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    if (declared !== undefined) {
      if (item === null && property !== undefined && isMeaninglessNull(property)) continue;
      setKey(kept, key, prune(item, declared, at, unknown));
    } else if (schema['x-kubernetes-preserve-unknown-fields'] === true || additionalProperties === true) {
      setKey(kept, key, item);
    } else {
      unknown.push(at);
    }
  }
  return kept;
}

function isMeaninglessNull(schema: Schema): boolean {
  return schema.nullable !== true && schema.default === undefined && schema.type !== undefined;
}

/** Fills in the defaults of everything that is there. */
export function applyDefaults(value: Json, schema: Schema): Json {
  if (!hasDefaults(schema)) return value;
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map(item => applyDefaults(item, items));
  }
  if (!isObject(value)) return value;
  let filled = value;
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const present =
      Object.hasOwn(value, key) &&
      !(value[key] === null && property.nullable !== true && property.default !== undefined);
    const next = present ? applyDefaults(value[key]!, property) : property.default;
    if (next === undefined || next === value[key]) continue;
    if (filled === value) filled = { ...value };
    filled[key] = next;
  }
  return filled;
}

const known = new WeakMap<Schema, boolean>();

/** Whether the schema has a default anywhere below itself. Most of them have none. */
function hasDefaults(schema: Schema): boolean {
  const before = known.get(schema);
  if (before !== undefined) return before;
  const below = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.items === undefined ? [] : [schema.items]),
  ];
  const found = below.some(child => child.default !== undefined || hasDefaults(child));
  known.set(schema, found);
  return found;
}
