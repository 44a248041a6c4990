import type { SSEStreamingApi } from 'hono/streaming';
import type { Caller, ResourceRecord, Store } from './model.ts';

/** Milliseconds after which a browser connects again: a restart of the service is over by then. */
const retry = 1_000;

/** Milliseconds by which the clocks of two writers of records may differ; events of that time are sent again. */
const overlap = 10_000;

/** Changes that one reader hears of. */
export interface Events {
  readonly changes: AsyncIterable<ResourceRecord>;
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch: older changes were read already. */
  readonly since: number;
  close(): void;
}

/** Listens from now on, so that no change is lost between the current records and the first one of the changes. */
export function openEvents(
  store: Store,
  { closing, lastEventId }: { closing?: AbortSignal | undefined; lastEventId?: string | undefined },
): Events {
  const controller = new AbortController();
  const close = () => {
    closing?.removeEventListener('abort', close);
    controller.abort();
  };
  if (closing?.aborted) close();
  else closing?.addEventListener('abort', close, { once: true });
  const since = /^\d{1,15}$/.test(lastEventId ?? '') ? Number(lastEventId) - overlap : 0;
  return { changes: store.changes(controller.signal), signal: controller.signal, since, close };
}

/**
 * Sends the current records, then every change, each as an event `record` whose data is the whole record. Its id is the
 * moment of the change: who connects again and sends it as `Last-Event-ID` gets what changed since then.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export async function sendEvents(
  stream: SSEStreamingApi,
  options: { events: Events; records: readonly ResourceRecord[]; caller: Caller; keepAlive: number },
): Promise<void> {
  const { events, records, caller, keepAlive } = options;
  stream.onAbort(events.close);
  const send = (record: ResourceRecord) =>
    stream.writeSSE({ event: 'record', id: String(changedAt(record)), data: JSON.stringify(record) });

  // A first byte at once: some servers hold the headers back until then.
  await stream.write(`retry: ${retry}\n\n`);
  // A server may close a stream that is silent for ten seconds.
  const beat = setInterval(() => void stream.write(': keep-alive\n\n'), keepAlive);
  try {
    const current = records.filter(record => changedAt(record) >= events.since);
    for (const record of current.sort((a, b) => changedAt(a) - changedAt(b))) {
      if (events.signal.aborted) return;
      await send(record);
    }
    for await (const record of events.changes) if (await caller.may('read', record)) await send(record);
  } finally {
    clearInterval(beat);
    events.close();
  }
}

/** Milliseconds since the epoch. */
function changedAt({ delivery }: ResourceRecord): number {
  return Date.parse(delivery.endedAt ?? delivery.acceptedAt);
}
