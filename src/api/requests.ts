/** Requests to the Kubernetes API as plain values. Pure; sending is the client's. */

import { isLong, listText } from '../status/text.ts';
import { group, groupPath, kind, type ResourceRef, type Version } from './paths.ts';

/** A request before it has a server, a credential and a deadline. */
export interface ApiRequest {
  readonly method: 'GET' | 'PATCH' | 'POST' | 'PUT';
  /** Path and query below the server's base URL. */
  readonly path: string;
  /** Media type to be answered in, and that of the body. */
  readonly accept: string;
  readonly contentType?: string;
  readonly body?: string;
}

/** Which object, through which version. */
export interface Target {
  readonly ref: ResourceRef;
  readonly version: Version;
  /** Path of the object. */
  readonly path: string;
}

/** How the object may be read: as itself, as its status subresource, or only as the answer to an empty patch. */
export type ReadMode = 'object' | 'status' | 'patch';

/** What a write asks to be answered: the whole object, or a Table that is 1.2 kB whatever the object's size. */
export type Answer = 'object' | 'table';

/** What a write looks at of a status. */
export interface StatusPart {
  readonly discoveredBackends?: readonly object[];
}

/** How a status is written. */
export interface WriteOptions {
  readonly fieldManager: string;
  readonly answer: Answer;
}

export const json = 'application/json';
const table = 'application/json;as=Table;g=meta.k8s.io;v=v1';

/** A consistent read of the whole object. */
export function readObject(target: Target, mode: ReadMode, fieldManager: string): ApiRequest {
  if (mode !== 'patch') return get(pathOf(target, mode), json);
  // An identity that may only patch: an empty merge patch answers the object and writes nothing.
  return writeStatus(
    'PATCH',
    target,
    { fieldManager, answer: 'object' },
    'application/merge-patch+json',
    '{}',
  );
}

/**
 * A read of the object's resourceVersion alone, as a Table without objects.
 *
 * @param notOlderThan answered from the API server's cache as soon as that has seen this resourceVersion; without it,
 * a consistent read
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
 */
export function readResourceVersion(
  target: Target,
  mode: 'object' | 'status',
  notOlderThan?: string,
): ApiRequest {
  const bound = notOlderThan ? `&resourceVersion=${encodeURIComponent(notOlderThan)}` : '';
  return get(`${pathOf(target, mode)}?includeObject=None${bound}`, table);
}

/**
 * Server-side apply of a status, locked to a resourceVersion: a forced apply without that lock would silently take back
 * an operator's newer fields, and write into a recreated object.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export function applyStatus(
  target: Target,
  status: StatusPart,
  resourceVersion: string,
  options: WriteOptions,
): ApiRequest {
  const body = documentText(target, status, resourceVersion);
  return writeStatus('PATCH', target, options, 'application/apply-patch+yaml', body, '&force=true');
}

/** The versions that the API server serves of the group. */
export function discoverGroup(): ApiRequest {
  return get(groupPath, json);
}

function get(path: string, accept: string): ApiRequest {
  return { method: 'GET', path, accept };
}

/**
 * A write of the status subresource.
 *
 * @param parameters more of the query: `&force=true`
 */
export function writeStatus(
  method: 'PATCH' | 'PUT',
  target: Target,
  { fieldManager, answer }: WriteOptions,
  contentType: string,
  body: string,
  parameters = '',
): ApiRequest {
  const asTable = answer === 'table';
  return {
    method,
    path: `${target.path}/status?fieldManager=${encodeURIComponent(fieldManager)}${parameters}${asTable ? '&includeObject=None' : ''}`,
    accept: asTable ? table : json,
    contentType,
    body,
  };
}

/** The JSON of the object as far as a write names it, locked to a resourceVersion. */
export function documentText({ ref, version }: Target, status: StatusPart, resourceVersion: string): string {
  const metadata = { name: ref.name, namespace: ref.namespace, resourceVersion };
  const document = { apiVersion: `${group}/${version}`, kind, metadata };
  if (!isLong(status.discoveredBackends)) return JSON.stringify({ ...document, status });
  const { discoveredBackends, ...rest } = status;
  const text = JSON.stringify({ ...document, status: rest });
  const list = `"discoveredBackends":${listText(discoveredBackends)}}}`;
  return `${text.slice(0, -2)}${text.endsWith('{}}') ? '' : ','}${list}`;
}

function pathOf({ path }: Target, mode: 'object' | 'status'): string {
  return mode === 'status' ? `${path}/status` : path;
}
