/** Requests about stored resources. */
import { answer, type Call, jsonBody, mediaTypeOf } from './call.ts';
import { invalidValue } from './field-fault.ts';
import { isObject, type JsonObject } from './json.ts';
import { negotiate } from './negotiation.ts';
import { asJson, asObject, type KubernetesObject } from './object.ts';
import { parseApply, patchMediaTypes, patchObject } from './patch-body.ts';
import { answerList, checkReadable } from './resource-list.ts';
import type { ObjectTarget, ResourceStorage, WriteOptions } from './resource-storage.ts';
import { groupVersion } from './resource-type.ts';
import { badRequest, invalid, methodNotAllowed, notFound, unsupportedMediaType } from './status-error.ts';
import { representObject } from './table.ts';
import { answerWatch } from './watch.ts';
import { type WriteQuery, writeQuery } from './write-options.ts';

/** @throws StatusError whatever the API server would refuse the request with */
export function answerResource(call: Call, storage: ResourceStorage): Response {
  const { info } = call;
  const { type } = storage;
  const warning = type.warnings?.[info.version];
  if (warning !== undefined) call.warnings.push(warning);
  if (info.subresource !== '' && !(info.subresource === 'status' && type.hasStatus === true)) throw notFound(type, info.name);
  if (info.subresource !== '' && !['get', 'update', 'patch'].includes(info.verb)) throw methodNotAllowed(type, info.verb);
  switch (info.verb) {
    case 'get':
      return answerGet(call, storage);
    case 'list':
      return answerList(call, storage);
    case 'watch':
      return answerWatch(call, storage);
    case 'create':
      return answerCreate(call, storage);
    case 'update':
      return answerUpdate(call, storage);
    case 'patch':
      return answerPatch(call, storage);
    case 'delete':
      return answerDelete(call, storage);
    case 'deletecollection':
      return answerDeleteCollection(call, storage);
    default:
      throw methodNotAllowed(type, info.verb);
  }
}

function targetOf({ info }: Call): ObjectTarget {
  const { namespace, name, version } = info;
  return { namespace, name, version, ...(info.subresource === 'status' ? { subresource: 'status' } : {}) };
}

const views = ['Table', 'PartialObjectMetadata'];

function answerObject(call: Call, storage: ResourceStorage, object: KubernetesObject, status = 200): Response {
  const representation = negotiate(call.request.headers.get('accept'), views);
  return answer(call, status, representObject(object, storage.type, representation, call.query, call.cluster.now()));
}

function answerGet(call: Call, storage: ResourceStorage): Response {
  negotiate(call.request.headers.get('accept'), views);
  checkReadable(call);
  return answerObject(call, storage, storage.get(targetOf(call)));
}

function answerCreate(call: Call, storage: ResourceStorage): Response {
  negotiate(call.request.headers.get('accept'), views);
  const query = writeQuery(call, 'CreateOptions');
  const { info } = call;
  if (info.name !== '') throw methodNotAllowed(storage.type, 'create');
  const object = checkBodyObject(call, storage);
  const given = object.metadata.namespace ?? '';
  if (given !== '' && given !== info.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  const created = storage.create(targetOf(call), object, writeOptions(call, query, unknownInBody(call, query, storage)));
  return answerObject(call, storage, created, 201);
}

function answerUpdate(call: Call, storage: ResourceStorage): Response {
  negotiate(call.request.headers.get('accept'), views);
  const query = writeQuery(call, 'UpdateOptions');
  const object = checkBodyObject(call, storage);
  const options = writeOptions(call, query, unknownInBody(call, query, storage));
  return answerObject(call, storage, storage.replace(targetOf(call), object, options));
}

function answerPatch(call: Call, storage: ResourceStorage): Response {
  const media = mediaTypeOf(call.request);
  const isBuiltin = storage.type.schema === undefined;
  const patchType = patchMediaTypes.get(media) ?? (isBuiltin && media === 'application/strategic-merge-patch+json' ? 'merge' : undefined);
  if (patchType === undefined) throw unsupportedMediaType([...patchMediaTypes.keys()]);
  negotiate(call.request.headers.get('accept'), views);
  const query = writeQuery(call, 'PatchOptions', patchType);
  if (patchType !== 'apply') {
    const change = (live: JsonObject): JsonObject => patchObject(live, call.body, patchType);
    return answerObject(call, storage, storage.patch(targetOf(call), change, writeOptions(call, query, unknownInPatch(call, query))));
  }
  const applied = asObject(parseApply(call.body));
  const options = { ...writeOptions(call, query), force: query.force };
  const { object, created } = storage.apply(targetOf(call), applied, options);
  return answerObject(call, storage, object, created ? 201 : 200);
}

/** The object of a POST or PUT. */
function checkBodyObject(call: Call, storage: ResourceStorage): KubernetesObject {
  const media = mediaTypeOf(call.request);
  if (media !== '' && media !== 'application/json') {
    throw unsupportedMediaType(['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']);
  }
  const { type } = storage;
  const body = jsonBody(call);
  const expected = groupVersion(type, call.info.version);
  const apiVersion = typeof body.apiVersion === 'string' && body.apiVersion !== '' ? body.apiVersion : expected;
  const kind = typeof body.kind === 'string' && body.kind !== '' ? body.kind : type.kind;
  if (apiVersion !== expected) {
    throw badRequest(`the API version in the data (${apiVersion}) does not match the expected API version (${expected})`);
  }
  if (kind !== type.kind) {
    throw badRequest(`${kind} in version ${JSON.stringify(call.info.version)} cannot be handled as a ${type.kind}: expected kind ${type.kind}`);
  }
  if (body.metadata !== undefined && !isObject(body.metadata)) throw badRequest('metadata: expected an object');
  return asObject({ ...body, apiVersion, kind, metadata: body.metadata ?? {} });
}

type OnUnknown = NonNullable<WriteOptions['onUnknown']>;

function writeOptions(call: Call, query: WriteQuery, onUnknown?: OnUnknown): WriteOptions {
  void call;
  return { manager: query.manager, dryRun: query.dryRun, ...(onUnknown === undefined ? {} : { onUnknown }) };
}

function unknownInBody(call: Call, query: WriteQuery, { type }: ResourceStorage): OnUnknown {
  return paths => {
    const errors = paths.map(path => `unknown field ${JSON.stringify(path)}`);
    if (query.fieldValidation === 'Warn') call.warnings.push(...errors);
    if (query.fieldValidation !== 'Strict') return;
    const what = `${type.kind} in version ${JSON.stringify(call.info.version)} cannot be handled as a ${type.kind}`;
    throw badRequest(`${what}: strict decoding error: ${errors.join(', ')}`);
  };
}

function unknownInPatch(call: Call, query: WriteQuery): OnUnknown {
  return (paths, object) => {
    const errors = paths.map(path => `unknown field ${JSON.stringify(path)}`);
    if (query.fieldValidation === 'Warn') call.warnings.push(...errors);
    if (query.fieldValidation !== 'Strict') return;
    const patched = JSON.stringify(asJson(object));
    const fault = invalidValue('patch', patched, `strict decoding error: ${errors.join(', ')}`);
    throw invalid({ group: '', resource: '' }, '', [fault]);
  };
}

function answerDelete(call: Call, storage: ResourceStorage): Response {
  const options = call.body === '' ? {} : jsonBody(call);
  const conditions = isObject(options.preconditions) ? options.preconditions : {};
  const expected = {
    ...(typeof conditions.uid === 'string' ? { uid: conditions.uid } : {}),
    ...(typeof conditions.resourceVersion === 'string' ? { resourceVersion: conditions.resourceVersion } : {}),
  };
  const dryRun = call.query.has('dryRun') || Array.isArray(options.dryRun);
  const deleted = storage.delete(targetOf(call), expected, { dryRun });
  const { type } = storage;
  if (type.resource === 'serviceaccounts') call.cluster.tokens.revokeServiceAccount(call.info.namespace, call.info.name);
  if ((deleted.metadata.finalizers ?? []).length > 0) return answerObject(call, storage, deleted);
  const { name, uid } = deleted.metadata;
  const details = { name, ...(type.group === '' ? {} : { group: type.group }), kind: type.resource, uid };
  return answer(call, 200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
}

function answerDeleteCollection(call: Call, storage: ResourceStorage): Response {
  const listed = answerList(call, storage);
  const { namespace, version } = call.info;
  for (const { metadata } of storage.list(namespace, version)) {
    storage.delete({ namespace: metadata.namespace ?? '', name: metadata.name, version }, {}, { dryRun: call.query.has('dryRun') });
  }
  return listed;
}
