/** `metadata.managedFields`: who owns what, between the wire and sets of fields. */
import { FieldSet } from './field-set.ts';
import { isObject, type JsonObject } from './json.ts';
import type { ManagedFieldsEntry } from './object.ts';

/** What one manager owns through one operation, version and subresource. */
export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly time?: string;
  readonly fields: FieldSet;
}

/** Managers by {@link managerId}. */
export type Managers = ReadonlyMap<string, Manager>;

/** An applier is one manager whatever version it applies in; an updater is one per version. */
export function managerId(
  manager: Pick<Manager, 'name' | 'operation' | 'apiVersion' | 'subresource'>,
): string {
  const { name, operation, apiVersion, subresource } = manager;
  return JSON.stringify([name, operation, operation === 'Apply' ? '' : apiVersion, subresource ?? '']);
}

/** Reads the wire's entries; `undefined` where one of them is malformed. */
export function decodeManagers(entries: unknown): Managers | undefined {
  if (!Array.isArray(entries)) return new Map();
  const managers = new Map<string, Manager>();
  for (const entry of entries) {
    if (!isObject(entry) || (entry.operation !== 'Apply' && entry.operation !== 'Update')) return undefined;
    if (typeof entry.apiVersion !== 'string' || entry.apiVersion === '' || entry.fieldsType !== 'FieldsV1')
      return undefined;
    let fields: FieldSet;
    try {
      fields = isObject(entry.fieldsV1) ? decodeFields(entry.fieldsV1) : FieldSet.empty;
    } catch {
      return undefined;
    }
    const manager: Manager = {
      name: typeof entry.manager === 'string' ? entry.manager : '',
      operation: entry.operation,
      apiVersion: entry.apiVersion,
      ...(typeof entry.subresource === 'string' ? { subresource: entry.subresource } : {}),
      ...(typeof entry.time === 'string' ? { time: entry.time } : {}),
      fields,
    };
    managers.set(managerId(manager), manager);
  }
  return managers;
}

/** The wire's entries in the API server's order: operation, time, name, version, subresource. */
export function encodeManagers(managers: Managers): ManagedFieldsEntry[] {
  return [...managers.values()]
    .map(manager => ({
      manager: manager.name,
      operation: manager.operation,
      apiVersion: manager.apiVersion,
      ...(manager.time === undefined ? {} : { time: manager.time }),
      fieldsType: 'FieldsV1' as const,
      fieldsV1: encodeFields(manager.fields),
      ...(manager.subresource === undefined ? {} : { subresource: manager.subresource }),
    }))
    .sort(
      (a, b) =>
        order(a.operation, b.operation) ||
        order(a.time ?? '', b.time ?? '') ||
        order(a.manager, b.manager) ||
        order(a.apiVersion, b.apiVersion) ||
        order(a.subresource ?? '', b.subresource ?? ''),
    );
}

/** Most entries pass through a write unchanged; each is read and spelled once. */
const decoded = new WeakMap<JsonObject, FieldSet>();
const encoded = new WeakMap<FieldSet, JsonObject>();

function decodeFields(fieldsV1: JsonObject): FieldSet {
  const fields = decoded.get(fieldsV1) ?? FieldSet.fromFields(fieldsV1);
  decoded.set(fieldsV1, fields);
  return fields;
}

function encodeFields(fields: FieldSet): JsonObject {
  const fieldsV1 = encoded.get(fields) ?? fields.toFields();
  encoded.set(fields, fieldsV1);
  decoded.set(fieldsV1, fields);
  return fieldsV1;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** As conflict messages name a manager: `"kubectl" with subresource "status" using v1`. */
export function describeManager({ name, operation, apiVersion, subresource }: Manager): string {
  const where = subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  const how = operation === 'Update' ? ` using ${apiVersion}` : '';
  return `${JSON.stringify(name)}${where}${how}`;
}
