/**
 * Watches: a stream of changes, one JSON object per line.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
import type { Call } from './call.ts';
import { negotiate, type Representation } from './negotiation.ts';
import type { KubernetesObject } from './object.ts';
import { isTrue } from './request-info.ts';
import { checkReadable } from './resource-list.ts';
import type { ResourceStorage } from './resource-storage.ts';
import { groupVersion, storeKey } from './resource-type.ts';
import { selectorOf } from './selectors.ts';
import { expired } from './status-error.ts';
import type { StoreEvent } from './store.ts';
import { representObject } from './table.ts';

const defaultTimeoutSeconds = 1800;

export function answerWatch(call: Call, storage: ResourceStorage): Response {
  const representation = negotiate(call.request.headers.get('accept'), ['Table', 'PartialObjectMetadata']);
  const wanted = selectorOf(call.query);
  const start = checkReadable(call);
  const { store } = call.cluster;
  const encoder = new TextEncoder();
  let stop = (): void => {};

  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (type: string, object: object): void => controller.enqueue(encoder.encode(`${JSON.stringify({ type, object })}\n`));
      const view = viewer(call, storage, representation);
      const forward = (event: StoreEvent): void => {
        const { namespace } = call.info;
        const { object } = event;
        if (event.resource !== storeKey(storage.type) || (namespace !== '' && object.metadata.namespace !== namespace)) return;
        if (wanted(object)) send(event.type, view(object));
      };
      const unsubscribe = store.subscribe(forward);
      const close = (): void => {
        stop();
        try {
          controller.close();
        } catch {
          // the client was faster
        }
      };
      const timer = setTimeout(() => {
        if (isTrue(call.query.get('allowWatchBookmarks'))) send('BOOKMARK', bookmark(call, storage));
        close();
      }, timeoutOf(call.query) * 1000);
      stop = () => {
        clearTimeout(timer);
        unsubscribe();
        call.request.signal.removeEventListener('abort', close);
      };
      call.request.signal.addEventListener('abort', close);
      if (!sendPast(call, storage, start, forward, send, view, wanted)) close();
    },
    cancel: () => stop(),
  });
  return new Response(stream, { headers: { 'cache-control': 'no-cache, private', 'content-type': 'application/json' } });
}

/** What lies before the watch: the changes since `start`, or without one every object. Whether the watch may go on. */
function sendPast(
  call: Call,
  storage: ResourceStorage,
  start: number,
  forward: (event: StoreEvent) => void,
  send: (type: string, object: object) => void,
  view: (object: KubernetesObject) => object,
  wanted: (object: KubernetesObject) => boolean,
): boolean {
  const { store } = call.cluster;
  const { namespace, version } = call.info;
  const initial = call.query.get('sendInitialEvents') === 'true';
  if (start === 0 || initial) {
    for (const object of storage.list(namespace, version)) if (wanted(object)) send('ADDED', view(object));
    if (initial) send('BOOKMARK', bookmark(call, storage, { 'k8s.io/initial-events-end': 'true' }));
    return true;
  }
  const past = store.since(storeKey(storage.type), start);
  if (past === undefined) {
    send('ERROR', expired(`too old resource version: ${start} (${store.revision})`).toStatus());
    return false;
  }
  for (const event of past) forward(event);
  return true;
}

/** Converts and represents; a Table has its column definitions only the first time. */
function viewer(call: Call, storage: ResourceStorage, representation: Representation): (object: KubernetesObject) => object {
  let query = call.query;
  return object => {
    const converted = storage.convert(object, call.info.version);
    const shown = representObject(converted, storage.type, representation, query, call.cluster.now());
    if (representation.as === 'Table') {
      query = new URLSearchParams(query);
      query.set('noHeaders', 'true');
    }
    return shown;
  };
}

function bookmark(call: Call, storage: ResourceStorage, annotations?: Record<string, string>): object {
  const metadata = { resourceVersion: String(call.cluster.store.revision), creationTimestamp: null };
  return {
    kind: storage.type.kind,
    apiVersion: groupVersion(storage.type, call.info.version),
    metadata: annotations === undefined ? metadata : { ...metadata, annotations },
  };
}

function timeoutOf(query: URLSearchParams): number {
  return Number(query.get('timeoutSeconds') ?? 0) || defaultTimeoutSeconds;
}
