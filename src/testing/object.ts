/** A stored object and its metadata. */
import type { JsonObject } from './json.ts';

/**
 * One entry of `metadata.managedFields`.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export interface ManagedFieldsEntry {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  /** RFC 3339, whole seconds. */
  time?: string;
  fieldsType: 'FieldsV1';
  fieldsV1: JsonObject;
  subresource?: string;
}

/** `metav1.ObjectMeta`, as far as the fake keeps it. */
export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  /** A positive integer as text; moves with every stored change. */
  resourceVersion?: string;
  /** Moves with every change of the spec. */
  generation?: number;
  /** RFC 3339, whole seconds. */
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  generateName?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: JsonObject[];
  managedFields?: ManagedFieldsEntry[];
}

/** An object as the API serves it. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** The object as plain JSON: the same value, seen without its shape. */
export function asJson(object: KubernetesObject): JsonObject {
  return object as unknown as JsonObject;
}

/** JSON that was checked to be an object. */
export function asObject(json: JsonObject): KubernetesObject {
  return json as unknown as KubernetesObject;
}

/** A moment as Go's `metav1.Time` has it: UTC, whole seconds. */
export function toTime(moment: Date): string {
  return `${moment.toISOString().slice(0, 19)}Z`;
}

/** The object with changed metadata. */
export function withMetadata(object: KubernetesObject, changes: Partial<ObjectMeta>): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, ...changes } };
}

/** The object as it is encoded: metadata that says nothing is left out. */
export function withoutEmptyMetadata(object: KubernetesObject): KubernetesObject {
  const entries = Object.entries(object.metadata);
  const telling = entries.filter(([, value]) => !isEmpty(value));
  if (telling.length === entries.length) return object;
  return { ...object, metadata: Object.fromEntries(telling) as unknown as ObjectMeta };
}

function isEmpty(value: unknown): boolean {
  return value === '' || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

/** The object without `metadata.managedFields`. */
export function withoutManagedFields(object: KubernetesObject): KubernetesObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
