/**
 * Lists and watches, as plain values. Pure, but for reading what comes.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */

import { ApiError, StatusReporterError } from '../errors.ts';
import { groupPath, type Version } from './paths.ts';
import type { ApiRequest } from './requests.ts';
import type { ResourceObject } from './resource.ts';
import { parseAnswer } from './responses.ts';

/** Which objects: one, those of a namespace, or all. */
export interface WatchScope {
  /** Default: all namespaces. */
  readonly namespace?: string;
  /** Default: all. */
  readonly name?: string;
}

/** A list, as far as a watch needs it. */
export interface ResourceList {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly ResourceObject[];
}

/** What happened to an object. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: ResourceObject;
}

/** One line of a watch: a change, or only how far the API server is. */
export type WatchEvent = Change | { readonly type: 'BOOKMARK'; readonly object: ResourceObject };

/** A consistent list, to start a watch from. */
export function listObjects(scope: WatchScope, version: Version): ApiRequest {
  return request(scope, version, {});
}

/**
 * A watch from a resourceVersion on.
 *
 * @param seconds after which the API server ends it
 */
export function watchObjects(
  scope: WatchScope,
  version: Version,
  resourceVersion: string,
  seconds: number,
): ApiRequest {
  return request(scope, version, {
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion,
    timeoutSeconds: String(seconds),
  });
}

function request(
  { namespace, name }: WatchScope,
  version: Version,
  query: Record<string, string>,
): ApiRequest {
  const within = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const parameters = new URLSearchParams({
    ...(name !== undefined && { fieldSelector: `metadata.name=${name}` }),
    ...query,
  }).toString();
  return {
    method: 'GET',
    path: `${groupPath}/${version}${within}/virtualmcpservers${parameters && `?${parameters}`}`,
    accept: 'application/json',
  };
}

/**
 * The events of a watch.
 *
 * @param what what is being done, to begin an error message with
 * @throws ApiError for an `ERROR` event; StatusReporterError `unavailable` where a line is cut off
 */
export async function* watchEvents(
  body: AsyncIterable<Uint8Array>,
  what: string,
): AsyncGenerator<WatchEvent> {
  for await (const line of lines(body)) {
    const event = parse(line, what);
    if (event.type === 'ERROR') {
      const { code = 500 } = event.object as { code?: number };
      parseAnswer(
        { status: code, text: JSON.stringify(event.object), header: () => 'application/json' },
        what,
      );
    }
    yield event as WatchEvent;
  }
}

function parse(line: string, what: string): { type: string; object: object } {
  try {
    return JSON.parse(line);
  } catch {
    throw new StatusReporterError('unavailable', `${what}: the answer of the API server is cut off`);
  }
}

async function* lines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    const parts = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts.filter(part => part !== '');
  }
  if (rest.trim() !== '') yield rest;
}

/** Whether what the watch would start from is no longer known: list again. */
export function isExpired(error: unknown): boolean {
  return error instanceof ApiError && (error.httpStatus === 410 || error.reason === 'Expired');
}
