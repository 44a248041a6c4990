/** What a write is refused with after it was merged: 422 with every fault, 409 for an expectation that does not hold. */
import { invalidValue, required, tooLong } from './field-fault.ts';
import type { JsonObject } from './json.ts';
import { labelFaults, nameFault } from './names.ts';
import { asJson, type KubernetesObject, type ObjectMeta } from './object.ts';
import type { Preconditions } from './resource-storage.ts';
import type { ResourceType } from './resource-type.ts';
import type { Schema } from './schema.ts';
import { conflict, type FieldFault, invalid } from './status-error.ts';
import { listFaults, schemaFaults, uncheckedRules } from './validation.ts';

const annotationBytes = 256 * 1024;

/** @throws StatusError 422 listing every fault */
export function validateUpdate(
  type: ResourceType,
  live: KubernetesObject,
  next: KubernetesObject,
  status: boolean,
): void {
  const wrongType = typeFaults(type, next);
  if (wrongType.length > 0) throw invalidObject(type, next, wrongType);
  const faults: FieldFault[] = [];
  for (const key of ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp'] as const) {
    if (next.metadata[key] !== live.metadata[key]) {
      const fault = invalidValue(`metadata.${key}`, next.metadata[key] ?? '', 'field is immutable');
      faults.push(fault, fault); // the API server looks twice
    }
  }
  faults.push(...metadataFaults(next.metadata), ...contentFaults(type, next, live, status));
  refuse(type, next, faults);
}

/** @throws StatusError 422 listing every fault */
export function validateCreate(type: ResourceType, object: KubernetesObject): void {
  const wrongType = typeFaults(type, object);
  if (wrongType.length > 0) throw invalidObject(type, object, wrongType);
  const { name, generateName } = object.metadata;
  const nameless =
    (name ?? '') === '' ? required('metadata.name', 'name or generateName is required') : undefined;
  const badName = nameless ?? nameFault('metadata.name', name);
  const badPrefix =
    generateName === undefined ? undefined : nameFault('metadata.generateName', generateName, true);
  const faults = [badPrefix, badName].filter(fault => fault !== undefined);
  faults.push(...metadataFaults(object.metadata), ...contentFaults(type, object, undefined, false));
  refuse(type, object, faults);
}

/** With a schema come rules, which only what is free of certain faults is held against. */
function refuse(type: ResourceType, object: KubernetesObject, faults: readonly FieldFault[]): void {
  if (faults.length === 0) return;
  throw invalidObject(
    type,
    object,
    type.schema === undefined ? faults : [...faults, ...uncheckedRules(faults)],
  );
}

function typeFaults(type: ResourceType, object: KubernetesObject): FieldFault[] {
  if (type.schema === undefined || object.kind === type.kind) return [];
  return [invalidValue('kind', object.kind, `must be ${type.kind}`)];
}

function metadataFaults({ annotations, labels }: ObjectMeta): FieldFault[] {
  const size = Object.entries(annotations ?? {}).reduce(
    (sum, [key, value]) => sum + key.length + value.length,
    0,
  );
  return [
    ...labelFaults(labels ?? {}),
    ...(size > annotationBytes ? [tooLong('metadata.annotations', annotationBytes)] : []),
  ];
}

function contentFaults(
  type: ResourceType,
  next: KubernetesObject,
  live: KubernetesObject | undefined,
  status: boolean,
): FieldFault[] {
  const { schema } = type;
  if (schema === undefined) return type.faults?.(next) ?? [];
  const content = contentOf(next);
  const old = live === undefined ? undefined : contentOf(live);
  const faults = status ? statusFaults(content, schema, old) : schemaFaults(content, schema, '', old);
  const wasFaulty = old !== undefined && listFaults(old, schema, '').length > 0;
  return wasFaulty ? faults : [...faults, ...listFaults(content, schema, '')];
}

/** `/status` is validated by itself: the paths in the messages begin below it. */
function statusFaults(content: JsonObject, schema: Schema, old: JsonObject | undefined): FieldFault[] {
  const property = schema.properties?.status;
  if (property === undefined || content.status === undefined) return [];
  return schemaFaults(content.status, property, '', old?.status).map(fault => ({
    ...fault,
    field: fault.field === '' ? 'status' : `status.${fault.field}`,
  }));
}

/** The object without what Kubernetes itself validates. */
function contentOf(object: KubernetesObject): JsonObject {
  const { apiVersion: _a, kind: _k, metadata: _m, ...content } = asJson(object);
  return content;
}

function invalidObject(type: ResourceType, object: KubernetesObject, faults: readonly FieldFault[]) {
  return invalid({ group: type.group, resource: object.kind }, object.metadata.name ?? '', faults);
}

/** @throws StatusError 409 where the object is not the expected one */
export function checkPreconditions(
  type: ResourceType,
  live: KubernetesObject,
  expected: Preconditions,
): void {
  const { uid, resourceVersion, name } = live.metadata;
  const kind = { group: type.group, resource: type.kind };
  const refuse = (what: string, want: string, have: string | undefined, how: string) =>
    conflict(
      kind,
      name,
      `the ${what} in the precondition (${want}) does not match the ${what} in record (${have}). The object might have been ${how}`,
    );
  if (expected.uid !== undefined && expected.uid !== uid) {
    throw refuse('UID', expected.uid, uid, 'deleted and then recreated');
  }
  if (expected.resourceVersion !== undefined && expected.resourceVersion !== resourceVersion) {
    throw refuse('ResourceVersion', expected.resourceVersion, resourceVersion, 'modified');
  }
}
