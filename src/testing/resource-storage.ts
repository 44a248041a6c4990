/** Reads and writes of one type of resource, with the API server's rules and without HTTP. */
import { trackApply, trackUpdate } from './field-manager.ts';
import { deepEqual, type JsonObject } from './json.ts';
import { describeManager } from './managed-fields.ts';
import { asJson, asObject, type KubernetesObject, toTime, withMetadata } from './object.ts';
import type { FieldConflict } from './ownership.ts';
import { applyDefaults, pruneObject } from './pruning.ts';
import { groupVersion, type ResourceType, storeKey } from './resource-type.ts';
import { alreadyExists, applyConflict, badRequest, conflict, notFound, unforeseen } from './status-error.ts';
import type { Store } from './store.ts';
import { joinTypeErrors, typeErrors } from './typed-value.ts';
import {
  checkResourceVersion,
  keepTimes,
  matchUrl,
  prepareUpdate,
  sizeFault,
  validateCreate,
  validateUpdate,
} from './write-rules.ts';

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
  /** Told of every field that was dropped because the schema does not know it. */
  readonly onUnknown?: (paths: readonly string[], object: KubernetesObject) => void;
}

export interface ResourceStorage {
  readonly type: ResourceType;
  /** @throws StatusError 404 */
  get(target: ObjectTarget): KubernetesObject;
  list(namespace: string, version: string): KubernetesObject[];
  create(target: ObjectTarget, object: KubernetesObject, options: WriteOptions): KubernetesObject;
  /** A PUT: the object is the client's, with the resourceVersion and uid that it expects. */
  replace(target: ObjectTarget, object: KubernetesObject, options: WriteOptions): KubernetesObject;
  /** A JSON patch or merge patch. */
  patch(target: ObjectTarget, change: (live: JsonObject) => JsonObject, options: WriteOptions): KubernetesObject;
  /** Server-side apply; through the object itself it may create it. */
  apply(
    target: ObjectTarget,
    applied: KubernetesObject,
    options: WriteOptions & { force: boolean },
  ): { object: KubernetesObject; created: boolean };
  delete(target: ObjectTarget, expected: { uid?: string; resourceVersion?: string }, options: { dryRun?: boolean }): KubernetesObject;
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

  /** As the decoder leaves it: pruned and defaulted. */
  function decode(object: KubernetesObject, options: WriteOptions): KubernetesObject {
    const { schema } = type;
    if (schema === undefined) return object;
    const { value, unknown } = pruneObject(asJson(object), schema);
    if (unknown.length > 0) options.onUnknown?.(unknown, object);
    return asObject(applyDefaults(value, schema) as JsonObject);
  }

  function fieldManager(target: ObjectTarget, options: WriteOptions) {
    return {
      atom: type.atom ?? {},
      apiVersion: groupVersion(type, target.version),
      ...(target.subresource === undefined ? {} : { subresource: target.subresource }),
      manager: options.manager,
      time: toTime(now()),
    };
  }

  function track(live: KubernetesObject | undefined, next: KubernetesObject, target: ObjectTarget, options: WriteOptions): KubernetesObject {
    return type.atom === undefined ? next : trackUpdate(live, next, fieldManager(target, options));
  }

  /** The tail of every update: lock, rules, validation, and the store if anything is left to write. */
  function commit(live: KubernetesObject, next: KubernetesObject, target: ObjectTarget, options: WriteOptions, lean: boolean): KubernetesObject {
    checkResourceVersion(type, live, next);
    const status = target.subresource === 'status';
    const prepared = prepareUpdate(type, live, next, status);
    validateUpdate(type, live, prepared, status);
    let object = keepTimes(live, prepared);
    if (deepEqual(object, live)) return live;
    const fault = sizeFault(object);
    if (fault !== undefined) {
      // A PUT or patch is tried again without managedFields, an apply cannot be.
      const { managedFields: _, ...metadata } = object.metadata;
      if (!lean || sizeFault({ ...object, metadata }) !== undefined) throw fault;
      object = { ...object, metadata };
    }
    return options.dryRun === true ? object : convert(store.put(key, convert(object, type.versions[0] ?? '')), target.version);
  }

  function create(target: ObjectTarget, object: KubernetesObject, options: WriteOptions): KubernetesObject {
    const decoded = decode(object, options);
    const { status: _, ...rest } = decoded;
    const { resourceVersion, ...metadata } = decoded.metadata;
    if (resourceVersion !== undefined && resourceVersion !== '') throw unforeseen('resourceVersion should not be set on objects to be created');
    const fresh: KubernetesObject = {
      ...(type.hasStatus === true ? (rest as KubernetesObject) : decoded),
      metadata: {
        ...metadata,
        namespace: target.namespace,
        uid: store.nextUid(),
        creationTimestamp: toTime(now()),
        ...(type.hasGeneration === true ? { generation: 1 } : {}),
      },
    };
    if (!type.namespaced) delete fresh.metadata.namespace;
    const tracked = track(undefined, fresh, target, options);
    return insert(target, tracked, options);
  }

  function insert(target: ObjectTarget, object: KubernetesObject, options: WriteOptions): KubernetesObject {
    validateCreate(type, object);
    if (store.get(key, target.namespace, object.metadata.name) !== undefined) throw alreadyExists(type, object.metadata.name);
    const fault = sizeFault(object);
    if (fault !== undefined) throw fault;
    return options.dryRun === true ? object : convert(store.put(key, convert(object, type.versions[0] ?? '')), target.version);
  }

  return {
    type,
    convert,
    create,

    get: stored,

    list: (namespace, version) => store.list(key, namespace).map(object => convert(object, version)),

    replace(target, object, options) {
      const next = matchUrl(decode(object, options), target.namespace, target.name);
      const live = stored(target);
      const { uid } = next.metadata;
      if (uid !== undefined && uid !== '' && uid !== live.metadata.uid) {
        const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`;
        throw conflict(type, target.name, why);
      }
      return commit(live, track(live, next, target, options), target, options, true);
    },

    patch(target, change, options) {
      const live = stored(target);
      const next = decode(asObject(change(asJson(live))), options);
      const tracked = track(live, next, target, options);
      return commit(live, matchUrl(tracked, target.namespace, target.name), target, options, true);
    },

    apply(target, applied, options) {
      const known = store.get(key, target.namespace, target.name);
      if (known === undefined && target.subresource !== undefined) throw notFound(type, target.name);
      const apiVersion = groupVersion(type, target.version);
      const live = known === undefined ? { apiVersion, kind: type.kind, metadata: {} as KubernetesObject['metadata'] } : convert(known, target.version);
      checkApplied(applied, apiVersion, type);
      const outcome = trackApply(live, applied, { ...fieldManager(target, options), force: options.force });
      if ('conflicts' in outcome) throw conflictOf(outcome.conflicts);
      const object = type.schema === undefined ? outcome.object : asObject(applyDefaults(asJson(outcome.object), type.schema) as JsonObject);
      const next = matchUrl(object, target.namespace, target.name);
      if (known !== undefined) return { object: commit(live, next, target, options, false), created: false };
      if ((next.metadata.uid ?? '') !== '') {
        const why = `uid mismatch: the provided object specified uid ${next.metadata.uid}, and no existing object was found`;
        throw conflict(type, target.name, why);
      }
      return { object: createApplied(target, next, options), created: true };
    },

    delete(target, expected, options) {
      const live = stored(target);
      for (const [label, want, have] of [
        ['UID', expected.uid, live.metadata.uid],
        ['ResourceVersion', expected.resourceVersion, live.metadata.resourceVersion],
      ]) {
        if (want === undefined || want === have) continue;
        throw conflict(type, target.name, `Precondition failed: ${label} in precondition: ${want}, ${label} in object meta: ${have}`);
      }
      if (options.dryRun === true) return live;
      const finalizers = live.metadata.finalizers ?? [];
      if (finalizers.length === 0) return convert(store.delete(key, live), target.version);
      if (live.metadata.deletionTimestamp !== undefined) return live;
      const marked = withMetadata(live, { deletionTimestamp: toTime(now()), deletionGracePeriodSeconds: 0 });
      return convert(store.put(key, convert(marked, type.versions[0] ?? '')), target.version);
    },
  };

  function createApplied(target: ObjectTarget, object: KubernetesObject, options: WriteOptions): KubernetesObject {
    const { status: _, ...rest } = object;
    const system = { uid: store.nextUid(), creationTimestamp: toTime(now()), ...(type.hasGeneration === true ? { generation: 1 } : {}) };
    return insert(target, withMetadata(type.hasStatus === true ? (rest as KubernetesObject) : object, system), options);
  }
}

/** What an apply must not contain. */
function checkApplied(applied: KubernetesObject, apiVersion: string, type: ResourceType): void {
  if (applied.apiVersion !== apiVersion || applied.kind !== type.kind) {
    throw badRequest(`invalid object type: ${applied.apiVersion ?? ''}, Kind=${applied.kind ?? ''}`);
  }
  if (applied.metadata?.managedFields !== undefined && applied.metadata.managedFields !== null) {
    throw badRequest('metadata.managedFields must be nil');
  }
  const errors = typeErrors(asJson(applied), type.atom ?? {});
  if (errors.length === 0) return;
  const where = `${applied.metadata?.namespace ?? ''}/${applied.metadata?.name ?? ''}; ${apiVersion}, Kind=${type.kind}`;
  throw unforeseen(`failed to create typed patch object (${where}): ${joinTypeErrors(errors)}`);
}

function conflictOf(conflicts: readonly FieldConflict[]) {
  const causes = conflicts.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${describeManager(manager)}`,
    field: path,
  }));
  const [first] = conflicts;
  if (conflicts.length === 1 && first !== undefined) {
    return applyConflict(`Apply failed with 1 conflict: conflict with ${describeManager(first.manager)}: ${first.path}`, causes);
  }
  const byManager = new Map<string, string[]>();
  for (const { manager, path } of conflicts) {
    const name = describeManager(manager);
    byManager.set(name, [...(byManager.get(name) ?? []), path]);
  }
  const lines = [...byManager].flatMap(([name, paths]) => [`conflicts with ${name}:`, ...paths.map(path => `- ${path}`)]);
  return applyConflict(`Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`, causes);
}
