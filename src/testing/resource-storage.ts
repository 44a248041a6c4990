/** Reads and writes of one type of resource, with the API server's rules and without HTTP. */
import { applyConflictOf, checkApplied } from './apply-rules.ts';
import { lenient, type Strictness } from './decoding.ts';
import { type FieldManagerOptions, trackApply, trackUpdate } from './field-manager.ts';
import { deepEqual, type JsonObject } from './json.ts';
import { decodeMetadata } from './metadata.ts';
import {
  asJson,
  asObject,
  type KubernetesObject,
  toTime,
  withMetadata,
  withoutEmptyMetadata,
  withoutManagedFields,
} from './object.ts';
import { applyDefaults, pruneObject } from './pruning.ts';
import { groupVersion, type ResourceType, storeKey } from './resource-type.ts';
import { alreadyExists, badRequest, conflict, notFound, unforeseen } from './status-error.ts';
import type { Store } from './store.ts';
import { checkResourceVersion, fitToStore, keepTimes, matchUrl, prepareUpdate } from './write-rules.ts';
import { checkPreconditions, validateCreate, validateUpdate } from './write-validation.ts';

/** Which object, through which endpoint. */
export interface ObjectTarget {
  readonly namespace: string;
  readonly name: string;
  /** Served version of the request: `v1beta1`. */
  readonly version: string;
  readonly subresource?: 'status';
}

export interface WriteOptions {
  /** Field manager; where a request names none, the start of its user agent. */
  readonly manager: string;
  readonly dryRun?: boolean;
  /** Default: lenient. */
  readonly strictness?: Strictness;
}

export interface ApplyOptions extends WriteOptions {
  readonly force: boolean;
  /** Called before an object is created. @throws StatusError 403 */
  readonly mayCreate?: () => void;
}

/** What a deletion expects of the object. */
export interface Preconditions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

export interface ResourceStorage {
  readonly type: ResourceType;
  /** @throws StatusError 404 */
  get(target: ObjectTarget): KubernetesObject;
  list(namespace: string, version: string): KubernetesObject[];
  create(target: ObjectTarget, body: JsonObject, options: WriteOptions): KubernetesObject;
  /** A PUT: the object is the client's, with the resourceVersion and uid that it expects. */
  replace(target: ObjectTarget, body: JsonObject, options: WriteOptions): KubernetesObject;
  /** A JSON patch or merge patch. */
  patch(
    target: ObjectTarget,
    change: (live: JsonObject) => JsonObject,
    options: WriteOptions,
  ): KubernetesObject;
  /** Server-side apply; through the object itself it may create it. */
  apply(
    target: ObjectTarget,
    applied: JsonObject,
    options: ApplyOptions,
  ): { object: KubernetesObject; created: boolean };
  delete(target: ObjectTarget, expected: Preconditions, options: { dryRun?: boolean }): KubernetesObject;
  /** The object as a request for `version` sees it. */
  convert(object: KubernetesObject, version: string): KubernetesObject;
}

export function createResourceStorage(type: ResourceType, store: Store, now: () => Date): ResourceStorage {
  const key = storeKey(type);

  function convert(object: KubernetesObject, version: string): KubernetesObject {
    const apiVersion = groupVersion(type, version);
    return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
  }

  function stored(target: ObjectTarget): KubernetesObject {
    const object = store.get(key, target.namespace, target.name);
    if (object === undefined) throw notFound(type, target.name);
    return convert(object, target.version);
  }

  function put(
    object: KubernetesObject,
    target: ObjectTarget,
    options: Pick<WriteOptions, 'dryRun'>,
  ): KubernetesObject {
    if (options.dryRun === true) return object;
    return convert(store.put(key, convert(object, type.versions[0] ?? '')), target.version);
  }

  /** As the decoder leaves it: known metadata only, pruned and defaulted. */
  function decode(body: JsonObject, { strictness = lenient }: WriteOptions): KubernetesObject {
    const decoded = decodeMetadata(body.metadata);
    if ('fault' in decoded) throw strictness.refuse(decoded.fault, body);
    const object = { ...body, metadata: decoded.metadata } as KubernetesObject;
    const { schema } = type;
    if (schema === undefined || body.kind !== type.kind) return object;
    const { value, unknown } = pruneObject(asJson(object), schema);
    const paths = [...decoded.unknown, ...unknown];
    strictness.mind(
      paths.map(path => `unknown field ${JSON.stringify(path)}`),
      body,
    );
    return asObject(applyDefaults(value, schema) as JsonObject);
  }

  function fieldManager(target: ObjectTarget, options: WriteOptions): FieldManagerOptions {
    return {
      atom: type.atom ?? {},
      apiVersion: groupVersion(type, target.version),
      ...(target.subresource === undefined ? {} : { subresource: target.subresource }),
      manager: options.manager,
      time: toTime(now()),
    };
  }

  /** A write that makes it another type loses track of who owns what. */
  function track(
    live: KubernetesObject,
    next: KubernetesObject,
    target: ObjectTarget,
    options: WriteOptions,
  ): KubernetesObject {
    const isSameType = next.kind === live.kind && next.apiVersion === live.apiVersion;
    return isSameType ? trackUpdate(live, next, fieldManager(target, options)) : withoutManagedFields(next);
  }

  /** The tail of every update: lock, rules, validation, and the store if anything is left to write. */
  function commit(
    live: KubernetesObject,
    next: KubernetesObject,
    target: ObjectTarget,
    options: WriteOptions,
    mayShrink: boolean,
  ): KubernetesObject {
    checkResourceVersion(type, live, next);
    const status = target.subresource === 'status';
    const prepared = prepareUpdate(type, live, next, status);
    validateUpdate(type, live, prepared, status);
    const object = withoutEmptyMetadata(keepTimes(live, prepared));
    if (deepEqual(object, live)) return live;
    // The last finalizer is what keeps a deleted object.
    const isGone = live.metadata.deletionTimestamp !== undefined && object.metadata.finalizers === undefined;
    if (isGone && options.dryRun !== true) return convert(store.delete(key, object), target.version);
    return put(fitToStore(object, mayShrink), target, options);
  }

  function systemFields(target: ObjectTarget) {
    return {
      ...(type.namespaced ? { namespace: target.namespace } : {}),
      uid: store.nextUid(),
      creationTimestamp: toTime(now()),
      ...(type.hasGeneration === true ? { generation: 1 } : {}),
    };
  }

  function insert(object: KubernetesObject, target: ObjectTarget, options: WriteOptions): KubernetesObject {
    const { namespace } = target;
    if (type.namespaced && store.get('namespaces', '', namespace) === undefined) {
      throw notFound({ group: '', resource: 'namespaces' }, namespace);
    }
    validateCreate(type, object);
    const { name } = object.metadata;
    if (store.get(key, namespace, name) !== undefined) throw alreadyExists(type, name);
    return put(fitToStore(withoutEmptyMetadata(object), false), target, options);
  }

  return {
    type,
    convert,
    get: stored,
    list: (namespace, version) => store.list(key, namespace).map(object => convert(object, version)),

    create(target, body, options) {
      const decoded = decode(body, options);
      const { metadata } = decoded;
      const elsewhere = (metadata.namespace ?? '') !== '' && metadata.namespace !== target.namespace;
      if (elsewhere && type.namespaced) {
        throw badRequest(
          'the namespace of the provided object does not match the namespace sent on the request',
        );
      }
      if ((metadata.resourceVersion ?? '') !== '') {
        throw unforeseen('resourceVersion should not be set on objects to be created');
      }
      const generated = (metadata.name ?? '') === '' && (metadata.generateName ?? '') !== '';
      const name = generated ? `${metadata.generateName}${store.nextSuffix()}` : metadata.name;
      const system = { ...systemFields(target), ...(name === undefined ? {} : { name }) };
      const fresh = withMetadata(withoutStatus(type, decoded), system);
      const object = type.complete?.(fresh) ?? fresh;
      return insert(trackUpdate(undefined, object, fieldManager(target, options)), target, options);
    },

    replace(target, body, options) {
      const next = matchUrl(decode(body, options), target.namespace, target.name);
      const live = stored(target);
      const { uid } = next.metadata;
      if (uid !== undefined && uid !== '' && uid !== live.metadata.uid) {
        const place = `Key: /registry/${type.group}/${type.resource}/${target.namespace}/${target.name}, ResourceVersion: 0`;
        const what = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`;
        const why = `StorageError: invalid object, Code: 4, ${place}, AdditionalErrorMsg: ${what}`;
        throw conflict(type, target.name, why);
      }
      return commit(live, track(live, next, target, options), target, options, true);
    },

    patch(target, change, options) {
      const live = stored(target);
      const decoded = decode(change(asJson(live)), options);
      const next = track(live, decoded, target, options);
      return commit(live, matchUrl(next, target.namespace, target.name), target, options, true);
    },

    apply(target, applied, options) {
      const known = store.get(key, target.namespace, target.name);
      if (known === undefined && target.subresource !== undefined) throw notFound(type, target.name);
      const apiVersion = groupVersion(type, target.version);
      const nothing = { apiVersion, kind: type.kind, metadata: {} } as KubernetesObject;
      const live = known === undefined ? nothing : convert(known, target.version);
      checkApplied(applied, apiVersion, type);
      const tracked = trackApply(live, asObject(applied), {
        ...fieldManager(target, options),
        force: options.force,
      });
      if ('conflicts' in tracked) throw applyConflictOf(tracked.conflicts);
      const { schema } = type;
      const defaulted =
        schema === undefined
          ? tracked.object
          : asObject(applyDefaults(asJson(tracked.object), schema) as JsonObject);
      const next = matchUrl(defaulted, target.namespace, target.name);
      if (known !== undefined) return { object: commit(live, next, target, options, false), created: false };
      if ((next.metadata.uid ?? '') !== '') {
        const why = `uid mismatch: the provided object specified uid ${next.metadata.uid}, and no existing object was found`;
        throw conflict(type, target.name, why);
      }
      options.mayCreate?.();
      const object = withMetadata(withoutStatus(type, next), systemFields(target));
      return { object: insert(object, target, options), created: true };
    },

    delete(target, expected, options) {
      const live = stored(target);
      checkPreconditions(type, live, expected);
      if (options.dryRun === true) return live;
      if ((live.metadata.finalizers ?? []).length === 0)
        return convert(store.delete(key, live), target.version);
      if (live.metadata.deletionTimestamp !== undefined) return live;
      const generation = (live.metadata.generation ?? 0) + 1;
      const counted = type.hasGeneration === true ? { generation } : {};
      const marks = { deletionTimestamp: toTime(now()), deletionGracePeriodSeconds: 0, ...counted };
      return put(withMetadata(live, marks), target, options);
    },
  };
}

/** A new object has no status yet. */
function withoutStatus(type: ResourceType, object: KubernetesObject): KubernetesObject {
  if (type.hasStatus !== true) return object;
  const { status: _, ...rest } = object;
  return rest as KubernetesObject;
}
