/** Which parts of a status are ours: what is declared, and what server-side apply remembers. */

import type { JsonObject } from './document.ts';

/** Fields of `status` that a reporter can own whole. */
export const ownableFields = [
  'phase',
  'message',
  'backendCount',
  'observedGeneration',
  'discoveredBackends',
] as const;
export type OwnableField = (typeof ownableFields)[number];

/** Condition types that only the runtime ever writes. */
const runtimeConditions = ['BackendsDiscovered', 'Degraded'] as const;

/**
 * What the reporter may change and remove; nothing else is ever touched. Every field defaults to `true`.
 * Setting one to `false` later leaves its value in place: `apply` hands it over to `<fieldManager>-ceded` first.
 */
export interface Owns {
  phase?: boolean;
  message?: boolean;
  backendCount?: boolean;
  observedGeneration?: boolean;
  discoveredBackends?: boolean;
  /**
   * `true` (default): `BackendsDiscovered` and `Degraded` always, any other type from the report that carries it to the
   * report that drops it. A list: only these types, and conditions of other types in a report are left out.
   * `false`: none.
   */
  conditions?: boolean | readonly string[];
}

/** {@link Owns}, with its defaults. */
export interface Ownership {
  readonly fields: ReadonlySet<OwnableField>;
  /** Whether a condition type may be written at all. */
  mayOwn(conditionType: string): boolean;
  /** Types owned whether or not a report carries them. */
  readonly always: readonly string[];
}

/** By far the most reporters own all: they share it. */
const all = ownershipOf({});

export function ownership(owns?: Owns): Ownership {
  return owns === undefined ? all : ownershipOf(owns);
}

function ownershipOf(owns: Owns): Ownership {
  const { conditions = true } = owns;
  return {
    fields: new Set(ownableFields.filter(field => owns[field] !== false)),
    mayOwn: typeof conditions === 'boolean' ? () => conditions : type => conditions.includes(type),
    always: conditions === true ? runtimeConditions : conditions === false ? [] : conditions,
  };
}

/**
 * One entry of `metadata.managedFields`.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export interface ManagedFieldsEntry {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly time?: string;
  readonly fieldsV1?: JsonObject;
}

/** A node of FieldsV1: `f:name` members, `k:{…}` items of keyed lists, `.` for the thing itself. */
export type FieldSet = JsonObject;

/** What `manager` has applied to the status subresource; `undefined` where it never did. */
export function appliedFields(
  managedFields: readonly ManagedFieldsEntry[],
  manager: string,
): FieldSet | undefined {
  const entry = managedFields.find(
    entry => entry.manager === manager && entry.operation === 'Apply' && entry.subresource === 'status',
  );
  return child(entry?.fieldsV1, 'f:status');
}

/** The condition types in a field set. */
export function conditionTypes(fields: FieldSet | undefined): string[] {
  return Object.keys(child(fields, 'f:conditions') ?? {}).flatMap(key => {
    const type = listKey(key)?.['type'];
    return typeof type === 'string' ? [type] : [];
  });
}

/** Whether a field set holds anything of a field, or of one condition: `phase`, `conditions/Ready`. */
export function holds(fields: FieldSet | undefined, path: string): boolean {
  const [field, type] = path.split('/');
  return type === undefined
    ? child(fields, `f:${field}`) !== undefined
    : conditionTypes(fields).includes(type);
}

/** Whether `fields` hold what `owned` does not cover: it has to be ceded before we stop applying it. */
export function exceeds(fields: FieldSet | undefined, owned: Ownership): boolean {
  return (
    ownableFields.some(field => !owned.fields.has(field) && child(fields, `f:${field}`) !== undefined) ||
    conditionTypes(fields).some(type => !owned.mayOwn(type))
  );
}

/** The member values that name an item of a keyed list: `k:{"type":"Ready"}`. */
export function listKey(key: string): JsonObject | undefined {
  return key.startsWith('k:') ? (JSON.parse(key.slice(2)) as JsonObject) : undefined;
}

export function child(fields: JsonObject | undefined, key: string): FieldSet | undefined {
  return fields?.[key] as FieldSet | undefined;
}
