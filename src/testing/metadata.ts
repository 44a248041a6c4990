/** `metadata` as the API server decodes it: known fields only, of the right types. */
import { isObject, type Json, type JsonObject } from './json.ts';
import type { ObjectMeta } from './object.ts';

type Check = (value: Json) => string | undefined;

const texts: Check = value =>
  isObject(value) ? firstFault(Object.values(value), text) : mismatch(value, 'map[string]string');
const listOf =
  (type: string, item: Check): Check =>
  value =>
    Array.isArray(value) ? firstFault(value, item) : mismatch(value, type);
const object =
  (type: string): Check =>
  value =>
    isObject(value) ? undefined : mismatch(value, type);

function text(value: Json): string | undefined {
  return typeof value === 'string' ? undefined : mismatch(value, 'string');
}

function integer(value: Json): string | undefined {
  return Number.isInteger(value) ? undefined : mismatch(value, 'int64');
}

function time(value: Json): string | undefined {
  if (typeof value !== 'string') return mismatch(value, 'string');
  return Number.isNaN(Date.parse(value)) ? `parsing time ${JSON.stringify(value)}: cannot parse` : undefined;
}

const fields: Readonly<Record<string, Check>> = {
  annotations: texts,
  creationTimestamp: time,
  deletionGracePeriodSeconds: integer,
  deletionTimestamp: time,
  finalizers: listOf('[]string', text),
  generateName: text,
  generation: integer,
  labels: texts,
  managedFields: listOf('[]v1.ManagedFieldsEntry', object('v1.ManagedFieldsEntry')),
  name: text,
  namespace: text,
  ownerReferences: listOf('[]v1.OwnerReference', object('v1.OwnerReference')),
  resourceVersion: text,
  selfLink: text,
  uid: text,
};

export type DecodedMetadata =
  | { readonly metadata: ObjectMeta /** Paths of the dropped fields. */; readonly unknown: readonly string[] }
  | { readonly fault: string };

/** Reads `metadata`, or tells why it cannot be read, as Go's decoder does. */
export function decodeMetadata(value: Json | undefined): DecodedMetadata {
  if (value === undefined || value === null) return { metadata: {} as ObjectMeta, unknown: [] };
  if (!isObject(value))
    return { fault: `json: cannot unmarshal ${jsonType(value)} into Go value of type v1.ObjectMeta` };
  const kept: JsonObject = {};
  const unknown: string[] = [];
  for (const [key, item] of Object.entries(value)) {
    const check = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (check === undefined) {
      unknown.push(`metadata.${key}`);
      continue;
    }
    if (item === null) continue;
    const fault = check(item);
    if (fault !== undefined) return { fault: fault.replace('%s', `Go struct field ObjectMeta.${key}`) };
    if (key !== 'selfLink') kept[key] = item;
  }
  return { metadata: kept as unknown as ObjectMeta, unknown };
}

function firstFault(values: readonly Json[], check: Check): string | undefined {
  for (const value of values) {
    const fault = check(value);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function mismatch(value: Json, type: string): string {
  return `json: cannot unmarshal ${jsonType(value)} into %s of type ${type}`;
}

function jsonType(value: Json): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
