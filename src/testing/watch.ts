/**
 * Watches: a stream of changes, one JSON object per line.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
import type { Call } from './call.ts';
import { forbiddenField } from './field-fault.ts';
import { negotiate, type Representation } from './negotiation.ts';
import { type KubernetesObject, withMetadata } from './object.ts';
import { isTrue } from './request-info.ts';
import { askedRevision, numberOf } from './resource-list.ts';
import type { ResourceStorage } from './resource-storage.ts';
import { groupVersion, storeKey } from './resource-type.ts';
import { type Selector, selectorOf } from './selectors.ts';
import { expired, invalid } from './status-error.ts';
import type { StoreEvent } from './store.ts';
import { representObject } from './table.ts';

const defaultTimeoutSeconds = 1800;

/** A stream that ends after `timeoutSeconds`, or with the request. */
export function answerWatch(call: Call, storage: ResourceStorage): Response {
  const representation = negotiate(call.request.headers.get('accept'), ['Table', 'PartialObjectMetadata']);
  const wanted = selectorOf(call.query);
  const start = askedRevision(call);
  const seconds = numberOf(call.query, 'timeoutSeconds') || defaultTimeoutSeconds;
  checkInitialEvents(call);
  let stop = (): void => {};

  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const encoder = new TextEncoder();
      const view = viewer(call, storage, representation);
      const send: Send = (type, object) =>
        controller.enqueue(encoder.encode(`${JSON.stringify({ type, object })}\n`));
      const forward = forwarder(call, storage, wanted, view, send);
      const unsubscribe = call.cluster.store.subscribe(forward);
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
      }, seconds * 1000);
      stop = () => {
        clearTimeout(timer);
        unsubscribe();
        call.request.signal.removeEventListener('abort', close);
      };
      call.request.signal.addEventListener('abort', close);
      if (!sendPast(call, storage, start, { wanted, view, send, forward })) close();
    },
    cancel: () => stop(),
  });
  return new Response(body, {
    headers: { 'cache-control': 'no-cache, private', 'content-type': 'application/json' },
  });
}

type Send = (type: string, object: object) => void;
type View = (object: KubernetesObject) => object;

/** `sendInitialEvents` and `resourceVersionMatch` go together. @throws StatusError 422 */
function checkInitialEvents({ query }: Call): void {
  const [initial, match] = [query.has('sendInitialEvents'), query.has('resourceVersionMatch')];
  if (initial === match) return;
  const fault = initial
    ? 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'
    : 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided';
  throw invalid({ group: 'meta.k8s.io', resource: 'ListOptions' }, '', [
    forbiddenField('resourceVersionMatch', fault),
  ]);
}

/** Passes on what matches. An object that starts or stops to match appears or disappears. */
function forwarder(call: Call, storage: ResourceStorage, wanted: Selector, view: View, send: Send) {
  const key = storeKey(storage.type);
  const { namespace } = call.info;
  return ({ type, resource, object, previous }: StoreEvent): void => {
    if (resource !== key || (namespace !== '' && object.metadata.namespace !== namespace)) return;
    const matched = previous !== undefined && wanted(previous);
    const matches = type !== 'DELETED' && wanted(object);
    if (matches) send(matched ? 'MODIFIED' : 'ADDED', view(object));
    else if (matched) {
      const { resourceVersion = '' } = object.metadata;
      send('DELETED', view(withMetadata(previous, { resourceVersion })));
    }
  };
}

interface Watcher {
  readonly wanted: Selector;
  readonly view: View;
  readonly send: Send;
  readonly forward: (event: StoreEvent) => void;
}

/** What lies before the watch: the changes since `start`, or without one every object. Whether the watch may go on. */
function sendPast(call: Call, storage: ResourceStorage, start: number, watcher: Watcher): boolean {
  const { store } = call.cluster;
  const { namespace, version } = call.info;
  const initial = call.query.get('sendInitialEvents') === 'true';
  if (start === 0 || initial) {
    for (const object of storage.list(namespace, version)) {
      if (watcher.wanted(object)) watcher.send('ADDED', watcher.view(object));
    }
    if (initial) watcher.send('BOOKMARK', bookmark(call, storage, { 'k8s.io/initial-events-end': 'true' }));
    return true;
  }
  const past = store.since(storeKey(storage.type), start);
  if (past === undefined) {
    const why = `too old resource version: ${start} (${store.revision})`;
    watcher.send('ERROR', expired(why).toStatus());
    return false;
  }
  for (const event of past) watcher.forward(event);
  return true;
}

/** Converts and represents; a Table has its column definitions only the first time. */
function viewer(call: Call, storage: ResourceStorage, representation: Representation): View {
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

function bookmark(call: Call, { type }: ResourceStorage, annotations?: Record<string, string>): object {
  const metadata = { resourceVersion: String(call.cluster.store.revision) };
  return {
    kind: type.kind,
    apiVersion: groupVersion(type, call.info.version),
    metadata: annotations === undefined ? metadata : { ...metadata, annotations },
  };
}
