/** What the API server does to an object between a request and the store. */
import { invalidValue, required } from './field-fault.ts';
import { deepEqual, isObject, type Json } from './json.ts';
import { asJson, type KubernetesObject, type ObjectMeta, withMetadata, withoutManagedFields } from './object.ts';
import type { ResourceType } from './resource-type.ts';
import { badRequest, conflict, type FieldFault, invalid, type StatusError, unforeseen } from './status-error.ts';
import { listFaults, schemaFaults, uncheckedRules } from './validation.ts';

/** Bytes of an object that the store refuses, and that do not even reach it. */
const tooLarge = 1.5 * 1024 * 1024;
const farTooLarge = 2 * 1024 * 1024;

/** Name and namespace of the body must be those of the URL; an absent namespace is filled in. */
export function matchUrl(object: KubernetesObject, namespace: string, name: string): KubernetesObject {
  const { metadata } = object;
  if (metadata.namespace !== undefined && metadata.namespace !== '' && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if ((metadata.name ?? '') === '') {
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  }
  if (metadata.name !== name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  }
  return namespace === '' || metadata.namespace === namespace ? object : withMetadata(object, { namespace });
}

/** @throws StatusError 422 without a resourceVersion, 409 with another than the live one's */
export function checkResourceVersion(type: ResourceType, live: KubernetesObject, next: KubernetesObject): void {
  const { name, resourceVersion: current } = live.metadata;
  const given = next.metadata.resourceVersion ?? '';
  if (given !== '' && !/^\d+$/.test(given)) throw unforeseen(`resourceVersion: Invalid value: ${JSON.stringify(given)}: ${notANumber(given)}`);
  if (given === '' || given === '0') {
    throw invalid(type, name, [invalidValue('metadata.resourceVersion', 0, 'must be specified for an update')].map(hex));
  }
  if (given !== current) throw conflict(type, name);
}

export function notANumber(text: string): string {
  return `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
}

/** Go prints the unsigned 0 of an absent resourceVersion in its own way. */
function hex(fault: FieldFault): FieldFault {
  return { ...fault, message: fault.message.replace('Invalid value: 0:', 'Invalid value: 0x0:') };
}

/** What a write to this endpoint may not change is as it was. */
export function prepareUpdate(type: ResourceType, live: KubernetesObject, next: KubernetesObject, status: boolean): KubernetesObject {
  if (status) return onlyStatus(live, next);
  const kept: Partial<ObjectMeta> = {};
  for (const key of ['creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'generation'] as const) {
    const value = live.metadata[key];
    if (value !== undefined) Object.assign(kept, { [key]: value });
  }
  if ((next.metadata.uid ?? '') === '') Object.assign(kept, { uid: live.metadata.uid });
  const prepared = type.hasStatus === true ? restoreStatus(live, withMetadata(next, kept)) : withMetadata(next, kept);
  if (type.hasGeneration !== true || deepEqual(withoutMetadata(live), withoutMetadata(prepared))) return prepared;
  return withMetadata(prepared, { generation: (live.metadata.generation ?? 0) + 1 });
}

function onlyStatus(live: KubernetesObject, next: KubernetesObject): KubernetesObject {
  const { status: _, ...rest } = withoutManagedFields(live);
  const { managedFields } = next.metadata;
  const base = rest as KubernetesObject;
  const object = managedFields === undefined ? base : withMetadata(base, { managedFields });
  return 'status' in next ? { ...object, status: next.status } : object;
}

function restoreStatus(live: KubernetesObject, next: KubernetesObject): KubernetesObject {
  const { status: _, ...rest } = next;
  return 'status' in live ? { ...(rest as KubernetesObject), status: live.status } : (rest as KubernetesObject);
}

function withoutMetadata({ metadata: _, ...rest }: KubernetesObject): object {
  return rest;
}

/** @throws StatusError 422 listing every fault */
export function validateUpdate(type: ResourceType, live: KubernetesObject, next: KubernetesObject, status: boolean): void {
  const faults: FieldFault[] = [];
  for (const key of ['name', 'namespace', 'uid', 'creationTimestamp'] as const) {
    if (next.metadata[key] !== live.metadata[key]) {
      faults.push(invalidValue(`metadata.${key}`, next.metadata[key] ?? null, 'field is immutable'));
    }
  }
  faults.push(...contentFaults(type, next, live, status));
  if (faults.length > 0) throw invalidObject(type, next, faults);
}

/** @throws StatusError 422 listing every fault */
export function validateCreate(type: ResourceType, object: KubernetesObject): void {
  const faults = [...nameFaults(object.metadata), ...contentFaults(type, object, undefined, false)];
  if (faults.length > 0) throw invalidObject(type, object, faults);
}

function contentFaults(type: ResourceType, next: KubernetesObject, live: KubernetesObject | undefined, status: boolean): FieldFault[] {
  const { schema } = type;
  if (schema === undefined) return [];
  const old = live === undefined ? undefined : asJson(live);
  const { metadata: _, ...content } = asJson(next);
  const faults: FieldFault[] = [];
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (status && key !== 'status') continue;
    const value = content[key];
    if (value === undefined) continue;
    if (key !== 'metadata') faults.push(...schemaFaults(value, property, key, old?.[key]));
  }
  for (const key of schema.required ?? []) if (!status && !(key in content)) faults.push(required(key));
  const wereFaulty = old !== undefined && listFaults(old, schema, '').length > 0;
  if (!wereFaulty) faults.push(...listFaults(content, schema, ''));
  return [...faults, ...uncheckedRules(faults)];
}

const dnsSubdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const dnsRule =
  'a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, \'-\' or \'.\', and must start and ' +
  "end with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

function nameFaults({ name, generateName }: ObjectMeta): FieldFault[] {
  if (name === undefined || name === '') return [required('metadata.name', 'name or generateName is required')];
  void generateName;
  if (name.length > 253) return [invalidValue('metadata.name', name, 'must be no more than 253 characters')];
  return dnsSubdomain.test(name) ? [] : [invalidValue('metadata.name', name, dnsRule)];
}

function invalidObject(type: ResourceType, object: KubernetesObject, faults: readonly FieldFault[]): StatusError {
  return invalid({ group: type.group, resource: type.kind }, object.metadata.name ?? '', faults);
}

/** Times in managedFields alone are no change. */
export function keepTimes(live: KubernetesObject, next: KubernetesObject): KubernetesObject {
  const [before, after] = [live.metadata.managedFields, next.metadata.managedFields];
  if (before === undefined || after === undefined || before.length !== after.length) return next;
  if (before.every((entry, index) => entry.time === after[index]?.time)) return next;
  const timeless = (object: KubernetesObject): Json =>
    asJson(
      withMetadata(object, { managedFields: (object.metadata.managedFields ?? []).map(({ time: _, ...entry }) => entry) }),
    );
  return deepEqual(timeless(live), timeless(next)) ? withMetadata(next, { managedFields: before }) : next;
}

/** How the store, or the way to it, refuses an object of this size. */
export function sizeFault(object: KubernetesObject): StatusError | undefined {
  const bytes = new TextEncoder().encode(JSON.stringify(object)).length;
  if (bytes > farTooLarge) {
    const message = `rpc error: code = ResourceExhausted desc = trying to send message larger than max (${bytes} vs. ${farTooLarge})`;
    return unforeseen(message);
  }
  return bytes > tooLarge ? unforeseen('etcdserver: request is too large') : undefined;
}

/** Whether metadata is what the API server can decode. */
export function isMetadata(value: unknown): value is ObjectMeta {
  return isObject(value);
}

