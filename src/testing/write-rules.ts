/** What the API server does to an object between a request and the store. */
import { invalidValue } from './field-fault.ts';
import { deepEqual, type Json } from './json.ts';
import {
  asJson,
  type KubernetesObject,
  type ObjectMeta,
  withMetadata,
  withoutManagedFields,
} from './object.ts';
import type { ResourceType } from './resource-type.ts';
import { badRequest, conflict, invalid, type StatusError, unforeseen } from './status-error.ts';

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
    throw badRequest(
      `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
    );
  }
  if (metadata.name !== name) {
    throw badRequest(
      `the name of the object (${metadata.name}) does not match the name on the URL (${name})`,
    );
  }
  return namespace === '' || metadata.namespace === namespace ? object : withMetadata(object, { namespace });
}

/** @throws StatusError 422 without a resourceVersion, 409 with another than the live one's */
export function checkResourceVersion(
  type: ResourceType,
  live: KubernetesObject,
  next: KubernetesObject,
): void {
  const { name, resourceVersion: current } = live.metadata;
  const given = next.metadata.resourceVersion ?? '';
  if (given !== '' && !/^\d+$/.test(given)) throw unforeseen(notANumber(given));
  if (given === '' || given === '0') {
    if (type.isUnconditional === true) return;
    throw invalid(type, name, [
      invalidValue('metadata.resourceVersion', 0, 'must be specified for an update'),
    ]);
  }
  if (given !== current) throw conflict(type, name);
}

/** How Go says that text is no number. */
export function notANumber(text: string): string {
  return `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
}

/** What a write to this endpoint may not change is as it was. */
export function prepareUpdate(
  type: ResourceType,
  live: KubernetesObject,
  next: KubernetesObject,
  status: boolean,
): KubernetesObject {
  if (status) return onlyStatus(live, next);
  const kept: Partial<ObjectMeta> = {};
  for (const key of [
    'creationTimestamp',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'generation',
  ] as const) {
    const value = live.metadata[key];
    if (value !== undefined) Object.assign(kept, { [key]: value });
  }
  if ((next.metadata.uid ?? '') === '') Object.assign(kept, { uid: live.metadata.uid });
  if ((next.metadata.resourceVersion ?? '') === '')
    Object.assign(kept, { resourceVersion: live.metadata.resourceVersion });
  const prepared =
    type.hasStatus === true ? restoreStatus(live, withMetadata(next, kept)) : withMetadata(next, kept);
  if (type.hasGeneration !== true || deepEqual(withoutMetadata(live), withoutMetadata(prepared)))
    return prepared;
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
  return 'status' in live
    ? { ...(rest as KubernetesObject), status: live.status }
    : (rest as KubernetesObject);
}

function withoutMetadata({ metadata: _, ...rest }: KubernetesObject): object {
  return rest;
}

/** Times in managedFields alone are no change. */
export function keepTimes(live: KubernetesObject, next: KubernetesObject): KubernetesObject {
  const [before, after] = [live.metadata.managedFields, next.metadata.managedFields];
  if (before === undefined || after === undefined || before.length !== after.length) return next;
  if (before.every((entry, index) => entry.time === after[index]?.time)) return next;
  return deepEqual(timeless(live), timeless(next)) ? withMetadata(next, { managedFields: before }) : next;
}

function timeless(object: KubernetesObject): Json {
  const managedFields = (object.metadata.managedFields ?? []).map(({ time: _, ...entry }) => entry);
  return asJson(withMetadata(object, { managedFields }));
}

/**
 * The object if the store takes it. A PUT or patch that is too large is tried again without managedFields.
 *
 * @throws StatusError 500 without a reason
 */
export function fitToStore(object: KubernetesObject, mayShrink: boolean): KubernetesObject {
  const fault = sizeFault(object);
  if (fault === undefined) return object;
  const lean = withoutManagedFields(object);
  if (!mayShrink || sizeFault(lean) !== undefined) throw fault;
  return lean;
}

function sizeFault(object: KubernetesObject): StatusError | undefined {
  const text = JSON.stringify(object);
  if (text.length * 3 <= tooLarge) return undefined; // no character takes more than three bytes per UTF-16 unit
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > farTooLarge) {
    const why = `trying to send message larger than max (${bytes} vs. ${farTooLarge})`;
    return unforeseen(`rpc error: code = ResourceExhausted desc = ${why}`);
  }
  return bytes > tooLarge ? unforeseen('etcdserver: request is too large') : undefined;
}
