/** Requests about stored resources. */
import { parseApply } from './apply-body.ts';
import { answer, authorize, type Call, jsonBody, mediaTypeOf } from './call.ts';
import { bodyStrictness, decodeBody, patchStrictness } from './decoding.ts';
import { isObject, type JsonObject } from './json.ts';
import { negotiate } from './negotiation.ts';
import type { KubernetesObject } from './object.ts';
import { patchMediaTypes, patchObject } from './patch-body.ts';
import { answerList, checkReadable } from './resource-list.ts';
import type { ObjectTarget, ResourceStorage } from './resource-storage.ts';
import { selectorOf } from './selectors.ts';
import { badRequest, methodNotAllowed, notFound, unsupportedMediaType } from './status-error.ts';
import { representObject } from './table.ts';
import { answerWatch } from './watch.ts';
import { writeQuery } from './write-options.ts';

/** @throws StatusError whatever the API server would refuse the request with */
export function answerResource(call: Call, storage: ResourceStorage): Response {
  const { info } = call;
  const { type } = storage;
  const warning = type.warnings?.[info.version];
  if (warning !== undefined) call.warnings.push(warning);
  if (info.subresource !== '' && !(info.subresource === 'status' && type.hasStatus === true))
    throw notFound(type, info.name);
  if (info.subresource !== '' && !['get', 'update', 'patch'].includes(info.verb))
    throw methodNotAllowed(type, info.verb);
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

function targetOf({ info }: Call, { type }: ResourceStorage): ObjectTarget {
  const { name, version } = info;
  const namespace = type.namespaced ? info.namespace : '';
  return { namespace, name, version, ...(info.subresource === 'status' ? { subresource: 'status' } : {}) };
}

const views = ['Table', 'PartialObjectMetadata'];

function answerObject(
  call: Call,
  storage: ResourceStorage,
  object: KubernetesObject,
  status = 200,
): Response {
  const representation = negotiate(call.request.headers.get('accept'), views);
  return answer(
    call,
    status,
    representObject(object, storage.type, representation, call.query, call.cluster.now()),
  );
}

function answerGet(call: Call, storage: ResourceStorage): Response {
  negotiate(call.request.headers.get('accept'), views);
  checkReadable(call);
  return answerObject(call, storage, storage.get(targetOf(call, storage)));
}

function answerCreate(call: Call, storage: ResourceStorage): Response {
  negotiate(call.request.headers.get('accept'), views);
  const query = writeQuery(call, 'CreateOptions');
  const body = decodeBody(call, storage.type);
  const options = { ...query, strictness: bodyStrictness(call, query, storage.type) };
  return answerObject(call, storage, storage.create(targetOf(call, storage), body, options), 201);
}

function checkName({ info }: Call): void {
  if (info.name === '') throw badRequest('name must be provided');
}

function answerUpdate(call: Call, storage: ResourceStorage): Response {
  negotiate(call.request.headers.get('accept'), views);
  checkName(call);
  const query = writeQuery(call, 'UpdateOptions');
  const body = decodeBody(call, storage.type);
  const options = { ...query, strictness: bodyStrictness(call, query, storage.type) };
  return answerObject(call, storage, storage.replace(targetOf(call, storage), body, options));
}

function answerPatch(call: Call, storage: ResourceStorage): Response {
  const media = mediaTypeOf(call.request);
  const isBuiltin = storage.type.schema === undefined;
  const patchType =
    patchMediaTypes.get(media) ??
    (isBuiltin && media === 'application/strategic-merge-patch+json' ? 'merge' : undefined);
  if (patchType === undefined) throw unsupportedMediaType([...patchMediaTypes.keys()]);
  negotiate(call.request.headers.get('accept'), views);
  checkName(call);
  const query = writeQuery(call, 'PatchOptions', patchType);
  if (patchType !== 'apply') {
    const change = (live: JsonObject): JsonObject => patchObject(live, call.body, patchType);
    const options = { ...query, strictness: patchStrictness(call, query, patchType) };
    return answerObject(call, storage, storage.patch(targetOf(call, storage), change, options));
  }
  const mayCreate = (): void => authorize({ ...call, info: { ...call.info, verb: 'create' } });
  const options = { ...query, mayCreate };
  const { value, duplicates } = parseApply(call.body);
  if (query.fieldValidation === 'Strict' && duplicates.length > 0) {
    const why = ['yaml: unmarshal errors:', ...duplicates.map(line => `  ${line}`)].join('\n');
    throw badRequest(`error strict decoding YAML: error converting YAML to JSON: ${why}`);
  }
  const { object, created } = storage.apply(targetOf(call, storage), value, options);
  if (query.fieldValidation === 'Warn') call.warnings.push(...duplicates);
  return answerObject(call, storage, object, created ? 201 : 200);
}

function answerDelete(call: Call, storage: ResourceStorage): Response {
  const options = call.body === '' ? {} : jsonBody(call);
  const { uid, resourceVersion } = isObject(options.preconditions) ? options.preconditions : {};
  const expected = {
    ...(typeof uid === 'string' ? { uid } : {}),
    ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}),
  };
  const dryRun = isDryRun(call, options);
  const deleted = storage.delete(targetOf(call, storage), expected, { dryRun });
  const { type } = storage;
  const { metadata } = deleted;
  if (type.resource === 'serviceaccounts' && !dryRun) {
    call.cluster.tokens.revokeServiceAccount(metadata.namespace ?? '', metadata.name);
  }
  if ((metadata.finalizers ?? []).length > 0) return answerObject(call, storage, deleted);
  const group = type.group === '' ? {} : { group: type.group };
  const details = { name: metadata.name, ...group, kind: type.resource, uid: metadata.uid };
  return answer(call, 200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
}

function isDryRun({ query }: Call, options: JsonObject): boolean {
  return query.has('dryRun') || Array.isArray(options.dryRun);
}

/** Answers what was deleted. */
function answerDeleteCollection(call: Call, storage: ResourceStorage): Response {
  const listed = answerList(call, storage);
  const selected = selectorOf(call.query);
  const { namespace, version } = call.info;
  const dryRun = isDryRun(call, call.body === '' ? {} : jsonBody(call));
  for (const object of storage.list(namespace, version)) {
    const { namespace: itsOwn = '', name } = object.metadata;
    if (selected(object)) storage.delete({ namespace: itsOwn, name, version }, {}, { dryRun });
  }
  return listed;
}
