/** A value against its schema, with the API server's words and paths. */
import {
  duplicate,
  invalidValue,
  notSupported,
  required,
  tooLong,
  tooMany,
  wrongType,
} from './field-fault.ts';
import type { Json, JsonObject } from './json.ts';
import { deepEqual, getKey, isObject } from './json.ts';
import type { Schema } from './schema.ts';
import type { FieldFault } from './status-error.ts';

const blocking = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

/**
 * Every fault of `value`.
 *
 * @param old the stored value: what it has in common with `value` is not judged again (validation ratcheting)
 */
export function schemaFaults(value: Json, schema: Schema, path: string, old?: Json): FieldFault[] {
  if (old !== undefined && deepEqual(value, old)) return [];
  if (schema['x-kubernetes-int-or-string'] === true && (typeof value === 'string' || Number.isInteger(value)))
    return [];
  const type = typeFault(value, schema, path);
  if (type !== undefined)
    return [type, ...formatFaults(value, schema, path), ...enumFaults(value, schema, path)];
  if (value === null) return [];
  if (typeof value === 'string')
    return [...stringFaults(value, schema, path), ...enumFaults(value, schema, path)];
  if (typeof value === 'number')
    return [...numberFaults(value, schema, path), ...enumFaults(value, schema, path)];
  if (Array.isArray(value)) return arrayFaults(value, schema, path, old);
  return isObject(value) ? objectFaults(value, schema, path, old) : enumFaults(value, schema, path);
}

/** What a rule engine adds when faults like these keep its rules from running. */
export function uncheckedRules(faults: readonly FieldFault[]): FieldFault[] {
  if (!faults.some(({ reason }) => blocking.has(reason))) return [];
  const detail =
    'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
  return [invalidValue('', null, detail)];
}

function typeFault(value: Json, schema: Schema, path: string): FieldFault | undefined {
  const { type, format, nullable } = schema;
  if (type === undefined) return undefined;
  if (value === null && nullable === true) return undefined;
  const found = jsonType(value);
  if (found === type || (type === 'number' && found === 'integer')) return undefined;
  // With a format, what is neither text nor a list is compared with that, in Go's own terms.
  const byFormat =
    format !== undefined && value !== null && typeof value !== 'string' && !Array.isArray(value);
  const [wanted, given] = byFormat ? [format, goFormat(value)] : [type, found];
  return wrongType(path, given, `${path} in body must be of type ${wanted}: "${given}"`);
}

function goFormat(value: Json): string {
  if (typeof value !== 'number') return '';
  return isInt64(value) ? 'int64' : 'float64';
}

function isInt64(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) < 2 ** 63;
}

function jsonType(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return isInt64(value) ? 'integer' : 'number';
  return typeof value;
}

function enumFaults(value: Json, { enum: values }: Schema, path: string): FieldFault[] {
  if (values === undefined || values.some(allowed => deepEqual(allowed, value))) return [];
  return [
    notSupported(
      path,
      value,
      values.map(item => (typeof item === 'string' ? item : JSON.stringify(item))),
    ),
  ];
}

/** Length before pattern: what is told of one of them hides the next. */
function stringFaults(value: string, schema: Schema, path: string): FieldFault[] {
  const fault = textFault(value, schema, path);
  const faults = fault === undefined ? [] : [fault];
  if (schema.format === 'date-time' && !isDateTime(value)) {
    faults.push(
      wrongType(path, value, `${path} in body must be of type date-time: ${JSON.stringify(value)}`),
    );
  }
  return faults;
}

function textFault(
  value: string,
  { minLength, maxLength, pattern }: Schema,
  path: string,
): FieldFault | undefined {
  const length = [...value].length;
  if (maxLength !== undefined && length > maxLength) return tooLong(path, maxLength);
  if (minLength !== undefined && length < minLength) {
    return invalidValue(path, value, `${path} in body should be at least ${minLength} chars long`);
  }
  if (pattern === undefined || new RegExp(pattern).test(value)) return undefined;
  return invalidValue(path, value, `${path} in body should match '${pattern}'`);
}

/** As the API server's library reads it: it takes any character before a fraction. */
function isDateTime(value: string): boolean {
  const match = /^(\d{4}-\d\d-\d\d)t(\d\d):(\d\d):(\d\d)(?:.\d+)?(?:z|[+-]\d\d:\d\d)$/i.exec(value);
  if (match === null) return false;
  const [, day = '', hours = '', minutes = '', seconds = ''] = match;
  const date = new Date(`${day}T00:00:00Z`);
  const exists = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
  return exists && hours <= '23' && minutes <= '59' && seconds <= '59';
}

const ranges: Record<string, readonly [number, number]> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [-(2 ** 63), 2 ** 63],
};

function numberFaults(value: number, schema: Schema, path: string): FieldFault[] {
  const { minimum, maximum } = schema;
  const faults = formatFaults(value, schema, path);
  if (maximum !== undefined && value > maximum) {
    faults.push(invalidValue(path, value, `${path} in body should be less than or equal to ${maximum}`));
  }
  if (minimum !== undefined && value < minimum) {
    faults.push(invalidValue(path, value, `${path} in body should be greater than or equal to ${minimum}`));
  }
  return faults;
}

/** An integer that does not fit its format is reported at the root, whatever the field. */
function formatFaults(value: Json, { type, format = '' }: Schema, path: string): FieldFault[] {
  const range = Object.hasOwn(ranges, format) ? ranges[format] : undefined;
  if (typeof value !== 'number' || type !== 'integer') return [];
  if (isInt64(value) && (range === undefined || (value >= range[0] && value <= range[1]))) return [];
  const how = range === undefined ? '(default format)' : `with format ${format}`;
  return [invalidValue('', '', `Checked value must be of type integer ${how} in ${path}`)];
}

function arrayFaults(
  value: readonly Json[],
  schema: Schema,
  path: string,
  old: Json | undefined,
): FieldFault[] {
  const { items, minItems, maxItems } = schema;
  const faults: FieldFault[] = [];
  if (maxItems !== undefined && value.length > maxItems) faults.push(tooMany(path, value.length, maxItems));
  if (minItems !== undefined && value.length < minItems) {
    faults.push(invalidValue(path, value.length, `${path} in body should have at least ${minItems} items`));
  }
  if (items === undefined) return faults;
  const before = itemFinder(schema, Array.isArray(old) ? old : []);
  for (const [index, item] of value.entries())
    faults.push(...schemaFaults(item, items, `${path}[${index}]`, before(item)));
  return faults;
}

/** The stored item that a new one corresponds to: known for keyed lists only. */
function itemFinder(schema: Schema, old: readonly Json[]): (item: Json) => Json | undefined {
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  if (schema['x-kubernetes-list-type'] !== 'map') return () => undefined;
  const index = new Map(old.map(item => [keyOf(item, keys), item]));
  return item => index.get(keyOf(item, keys));
}

function keyOf(item: Json, keys: readonly string[]): string {
  return JSON.stringify(keys.map(key => (isObject(item) ? getKey(item, key) : undefined) ?? null));
}

function objectFaults(value: JsonObject, schema: Schema, path: string, old: Json | undefined): FieldFault[] {
  const faults: FieldFault[] = [];
  const at = (key: string): string => (path === '' ? key : `${path}.${key}`);
  for (const key of schema.required ?? []) if (!Object.hasOwn(value, key)) faults.push(required(at(key)));
  for (const [key, item] of Object.entries(value)) {
    const property = schema.properties?.[key] ?? additional(schema);
    if (property !== undefined)
      faults.push(...schemaFaults(item, property, at(key), isObject(old) ? getKey(old, key) : undefined));
  }
  return faults;
}

function additional({ additionalProperties }: Schema): Schema | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** Items that share their key: allowed by the schema proper, refused by the list's type. */
export function listFaults(value: Json, schema: Schema, path: string): FieldFault[] {
  if (Array.isArray(value)) {
    const below =
      schema.items === undefined
        ? []
        : value.flatMap((item, index) => listFaults(item, schema.items!, `${path}[${index}]`));
    return [...duplicates(value, schema, path), ...below];
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const property = schema.properties?.[key] ?? additional(schema);
    return property === undefined ? [] : listFaults(item, property, path === '' ? key : `${path}.${key}`);
  });
}

function duplicates(items: readonly Json[], schema: Schema, path: string): FieldFault[] {
  const type = schema['x-kubernetes-list-type'];
  if (type !== 'map' && type !== 'set') return [];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const odd = type === 'map' ? items.findIndex(item => item !== null && !isObject(item)) : -1;
  if (odd >= 0)
    return [invalidValue(`${path}[${odd}]`, items[odd]!, 'must be an object for an array of list-type map')];
  const seen = new Map<string, number>();
  return items.flatMap((item, index) => {
    const key = type === 'set' ? JSON.stringify(item) : keyOf(item, keys);
    const times = seen.get(key) ?? 0;
    seen.set(key, times + 1);
    if (times !== 1) return []; // only the first repetition is reported
    const shown = type === 'set' ? item : Object.fromEntries(keys.flatMap(name => pairOf(item, name)));
    return [duplicate(`${path}[${index}]`, shown)];
  });
}

function pairOf(item: Json, name: string): [string, Json][] {
  const value = isObject(item) ? getKey(item, name) : undefined;
  return value === undefined ? [] : [[name, value]];
}
