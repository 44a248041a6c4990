/** Follows the objects of a cluster through lists and watches, for as long as one likes. */

import { defined } from '../defined.ts';
import { isStatusReporterError, StatusReporterError } from '../errors.ts';
import { Call } from './call.ts';
import { createApiClient } from './client.ts';
import type { Connect } from './connection.ts';
import { servedVersion } from './discovery.ts';
import { knownVersions, type Version } from './paths.ts';
import type { ApiRequest } from './requests.ts';
import type { ResourceObject } from './resource.ts';
import { isPageNotFound, parseAnswer } from './responses.ts';
import { isTransient, retryDelay } from './retry.ts';
import {
  type Change,
  isExpired,
  listObjects,
  type ResourceList,
  type WatchScope,
  watchEvents,
  watchObjects,
} from './watch.ts';

/** Options of {@link follow}. */
export interface FollowOptions {
  readonly connect: Connect;
  readonly scope: WatchScope;
  /** Ends it; nothing is thrown then. */
  readonly signal: AbortSignal;
  /** Milliseconds for a list, retries included, and for a watch to begin. Default 30,000. */
  readonly timeout?: number;
  /** Seconds that one watch takes before the next one follows, and up to a quarter more. Default 240. */
  readonly watchSeconds?: number;
  /** For jitter, in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
  /** Told of every list that was read: how many objects it has. */
  onListed?(count: number): void;
  /** Told why changes are not seen for the moment, and in how many milliseconds it is tried again. */
  onInterruption?(error: unknown, delay: number): void;
}

const what = 'Watching VirtualMCPServers';

/**
 * What is there, as `ADDED`, then every change. A watch that ends goes on where it was; one that was away for too long is
 * told by comparison with a new list.
 *
 * @throws ApiError, StatusReporterError where it cannot begin, or where trying again cannot help
 */
export async function* follow(options: FollowOptions): AsyncGenerator<Change, void> {
  const { scope, signal, timeout = 30_000, watchSeconds = 240, random = Math.random } = options;
  const client = createApiClient({ connect: options.connect, timeout: Math.min(timeout, 10_000), random });
  const known = new Map<string, ResourceObject>();
  let version: Version = knownVersions[0];
  let position: string | undefined;
  let listed = false;
  let failures = 0;
  let refresh = false;

  async function list(): Promise<ResourceList> {
    const call = new Call(timeout, signal);
    try {
      return await client.send<ResourceList>(listObjects(scope, version), 'Listing VirtualMCPServers', call);
    } catch (error) {
      if (!isPageNotFound(error)) throw error;
      version = await servedVersion(client, call);
      return client.send<ResourceList>(listObjects(scope, version), 'Listing VirtualMCPServers', call);
    }
  }

  async function* watch(from: string): AsyncGenerator<Change, void> {
    const seconds = Math.ceil(watchSeconds * (1 + random() / 4));
    const opened = Date.now();
    // A connection that died unnoticed must not be waited for.
    const ended = AbortSignal.any([signal, AbortSignal.timeout((seconds + 30) * 1000)]);
    const body = await open(options, watchObjects(scope, version, from, seconds), {
      refresh,
      timeout,
      signal: ended,
    });
    refresh = false;
    for await (const event of watchEvents(body, what)) {
      failures = 0;
      position = event.object.metadata.resourceVersion;
      if (event.type === 'BOOKMARK') continue;
      if (event.type === 'DELETED') known.delete(keyOf(event.object));
      else known.set(keyOf(event.object), event.object);
      yield event;
    }
    if (Date.now() - opened < 1000)
      throw new StatusReporterError('unavailable', `${what}: the answer ended at once`);
  }

  while (!signal.aborted) {
    try {
      if (position === undefined) {
        const { metadata, items } = await list();
        options.onListed?.(items.length);
        position = metadata.resourceVersion;
        listed = true;
        yield* compare(known, items);
      }
      yield* watch(position);
    } catch (error) {
      if (signal.aborted) return;
      const before = failures++;
      if (isExpired(error)) {
        position = undefined;
        if (before === 0) continue;
      } else if (isStatusReporterError(error, 'unauthorized') && !refresh && listed) {
        refresh = true;
        continue;
      } else if (!listed || isFinal(error)) throw error;
      const delay = retryDelay(error, failures, random());
      options.onInterruption?.(error, delay);
      await pause(delay, signal);
    }
  }
}

/** What a cluster says no to, it will say no to again. What comes from the middle of a stream is any error at all. */
function isFinal(error: unknown): boolean {
  return (
    isStatusReporterError(error) && !isTransient(error) && error.code !== 'rejected' && error.code !== 'tls'
  );
}

async function open(
  { connect }: FollowOptions,
  request: ApiRequest,
  { refresh, timeout, signal }: { refresh: boolean; timeout: number; signal: AbortSignal },
): Promise<AsyncIterable<Uint8Array>> {
  const patience = new AbortController();
  const timer = setTimeout(
    () => patience.abort(new StatusReporterError('timeout', `${what}: no answer within ${timeout} ms`)),
    timeout,
  );
  const both = AbortSignal.any([signal, patience.signal]);
  try {
    const { access, transport } = await connect({ refresh, signal: both });
    const response = await transport.request({
      method: request.method,
      url: access.server + request.path,
      headers: {
        'user-agent': 'vmcp-status-reporter',
        accept: request.accept,
        ...access.headers,
        ...defined({ authorization: access.token && `Bearer ${access.token}` }),
      },
      stream: true,
      signal: both,
    });
    if (response.body !== undefined) return response.body;
    parseAnswer(response, what);
    throw new StatusReporterError(
      'protocol',
      `${what}: expected a stream, found an answer of status ${response.status}`,
    );
  } finally {
    clearTimeout(timer);
  }
}

/** The differences between what was known and a list, which is known from now on. */
function compare(known: Map<string, ResourceObject>, items: readonly ResourceObject[]): Change[] {
  const changes: Change[] = [];
  const gone = new Map(known);
  for (const object of items) {
    const key = keyOf(object);
    const before = known.get(key);
    gone.delete(key);
    known.set(key, object);
    if (before === undefined) changes.push({ type: 'ADDED', object });
    else if (before.metadata.resourceVersion !== object.metadata.resourceVersion) {
      changes.push({ type: 'MODIFIED', object });
    }
  }
  for (const [key, object] of gone) {
    known.delete(key);
    changes.push({ type: 'DELETED', object });
  }
  return changes;
}

function keyOf({ metadata: { namespace, name } }: ResourceObject): string {
  return `${namespace}/${name}`;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
