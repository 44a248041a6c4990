// What nearly every HTTP case needs: an object of its own, the requests that writers send, and exact failures.
import { expect } from 'vitest';
import type { Target, TargetRequestOptions, TargetResponse } from '../target.ts';

export const group = 'toolhive.stacklok.dev';
export const plural = 'virtualmcpservers';
export const beta = `${group}/v1beta1`;

export const mediaType = {
  apply: 'application/apply-patch+yaml',
  merge: 'application/merge-patch+json',
  jsonPatch: 'application/json-patch+json',
} as const;

export const tableAccept = 'application/json;as=Table;g=meta.k8s.io;v=v1';

/** The path of all objects of a namespace. */
export function collection(namespace: string, version = 'v1beta1'): string {
  return `/apis/${group}/${version}/namespaces/${namespace}/${plural}`;
}

/** A valid VirtualMCPServer; both the real definition and the smaller one accept it. */
export function virtualMcpServer(name = 'subject', extra: Record<string, unknown> = {}): any {
  return {
    apiVersion: beta,
    kind: 'VirtualMCPServer',
    metadata: { name },
    spec: { groupRef: { name: 'backends' }, incomingAuth: { type: 'anonymous' } },
    ...extra,
  };
}

export function condition(type: string, extra: Record<string, unknown> = {}): any {
  return {
    type,
    status: 'True',
    reason: 'Test',
    message: '',
    lastTransitionTime: '2026-01-01T00:00:00Z',
    ...extra,
  };
}

export interface WriteOptions extends TargetRequestOptions {
  /** `fieldManager`; null leaves the parameter out. Default `tester`. */
  manager?: string | null;
  /** Only for apply. Default true. */
  force?: boolean;
  /** More of the body's metadata, e.g. `resourceVersion`. */
  metadata?: Record<string, unknown>;
  /** More query parameters, e.g. `dryRun=All`. */
  query?: string;
}

export interface Subject {
  readonly namespace: string;
  readonly path: string;
  readonly statusPath: string;
  /** As it was right after its creation. */
  readonly created: any;
  request(method: string, path: string, options?: TargetRequestOptions): Promise<TargetResponse>;
  /** The object as it is now. */
  get(): Promise<any>;
  /** A Table read without the object, as the reporter's steady state does. */
  table(query?: string): Promise<TargetResponse>;
  apply(status: unknown, options?: WriteOptions): Promise<TargetResponse>;
  mergePatch(body: unknown, options?: WriteOptions): Promise<TargetResponse>;
  jsonPatch(operations: unknown, options?: WriteOptions): Promise<TargetResponse>;
  /** PUT of the object as it is now with this status, as the Go reference does. */
  putStatus(status: unknown, options?: WriteOptions): Promise<TargetResponse>;
}

/** A new object in a namespace of its own. */
export async function createSubject(target: Target, name = 'subject'): Promise<Subject> {
  const namespace = await target.namespace();
  const answer = await target.request('POST', collection(namespace), { body: virtualMcpServer(name) });
  expect(answer.status, answer.text).toBe(201);
  return subjectOf(target, namespace, name, answer.json);
}

export function subjectOf(target: Target, namespace: string, name: string, created: any): Subject {
  const path = `${collection(namespace)}/${name}`;
  const statusPath = `${path}/status`;
  const patch = (contentType: string, body: unknown, options: WriteOptions, force?: boolean) =>
    target.request('PATCH', statusPath + query(options, force), {
      ...options,
      headers: { 'content-type': contentType, ...options.headers },
      body,
    });
  const get = async () => (await target.request('GET', path)).json;

  return {
    namespace,
    path,
    statusPath,
    created,
    request: target.request,
    get,
    table: (extra = '') =>
      target.request('GET', `${path}?includeObject=None${extra}`, { headers: { accept: tableAccept } }),
    apply: (status, options = {}) =>
      patch(
        mediaType.apply,
        { apiVersion: beta, kind: 'VirtualMCPServer', metadata: { name, ...options.metadata }, status },
        options,
        options.force ?? true,
      ),
    mergePatch: (body, options = {}) => patch(mediaType.merge, body, options),
    jsonPatch: (operations, options = {}) => patch(mediaType.jsonPatch, operations, options),
    async putStatus(status, options = {}) {
      const object = await get();
      const metadata = { ...object.metadata, ...options.metadata };
      return target.request('PUT', statusPath + query(options), {
        ...options,
        body: { ...object, metadata, status },
      });
    },
  };
}

function query({ manager = 'tester', query: extra }: WriteOptions, force?: boolean): string {
  const parts = [manager === null ? '' : `fieldManager=${manager}`, force ? 'force=true' : '', extra ?? ''];
  const joined = parts.filter(part => part !== '').join('&');
  return joined === '' ? '' : `?${joined}`;
}

export interface Cause {
  reason: string;
  message?: string;
  field?: string;
}

/**
 * Expects a Kubernetes `Status` with this code and reason (undefined: none at all), its message containing the given words,
 * and, where causes are given, at least these.
 */
export function expectFailure(
  answer: TargetResponse,
  code: number,
  reason: string | undefined,
  words: string | string[] = [],
  causes: Cause[] = [],
): void {
  expect(answer.status, answer.text).toBe(code);
  expect(answer.json, answer.text).toMatchObject({
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    code,
  });
  expect(answer.json.reason).toBe(reason);
  for (const expected of [words].flat()) expect(answer.json.message).toContain(expected);
  for (const cause of causes)
    expect(answer.json.details.causes).toContainEqual(expect.objectContaining(cause));
}

export const modified =
  'the object has been modified; please apply your changes to the latest version and try again';

/** Expects success and gives the body. */
export function expectOk(answer: TargetResponse, code = 200): any {
  expect(answer.status, answer.text).toBe(code);
  return answer.json;
}

/** The managedFields entries of one manager. */
export function entriesOf(object: any, manager: string): any[] {
  return (object.metadata.managedFields ?? []).filter((entry: any) => entry.manager === manager);
}

/** The names or types of a list, in order. */
export function keys(list: { name?: string; type?: string }[] | undefined): (string | undefined)[] {
  return (list ?? []).map(item => item.name ?? item.type);
}
