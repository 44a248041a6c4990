import type { SSEStreamingApi } from 'hono/streaming';
import type { Caller, ResourceRecord, Store } from './model.ts';

/** Milliseconds after which a browser connects again: a restart of the service is over by then. */
const retry = 1_000;

/** Milliseconds by which the clocks of two writers of records may differ; events of that time are sent again. */
const overlap = 10_000;

/** Milliseconds after which a stream ends and its reader comes back: who may read what is asked anew then. */
const longest = 15 * 60_000;

/** Milliseconds for a reader to take what was sent before the end; then it is cut off. */
const farewell = 1_000;

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
  else closing?.addEventListener('abort', close);
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
  const timers = [setTimeout(events.close, longest), setInterval(beat, keepAlive)];
  // A reader that takes nothing must not hold up the shutdown.
  const end = () => timers.push(setTimeout(() => stream.abort(), farewell));
  events.signal.addEventListener('abort', end);

  let beating = false;
  async function beat(): Promise<void> {
    if (beating) return;
    beating = true;
    // A server may close a stream that is silent for ten seconds.
    await stream.write(': keep-alive\n\n');
    beating = false;
  }

  async function send(record: ResourceRecord): Promise<void> {
    const id = String(changedAt(record));
    await stream.writeSSE({ event: 'record', id, data: JSON.stringify(record) });
  }

  /** Where nobody can tell, the stream ends: who connects again is told why. */
  async function mayRead(record: ResourceRecord): Promise<boolean> {
    try {
      return await caller.may('read', record);
    } catch {
      events.close();
      return false;
    }
  }

  try {
    // A first byte at once: some servers hold the headers back until then.
    await stream.write(`retry: ${retry}\n\n`);
    const current = records.filter(record => changedAt(record) >= events.since);
    for (const record of current.sort((a, b) => changedAt(a) - changedAt(b))) {
      if (events.signal.aborted) return;
      await send(record);
    }
    for await (const record of events.changes) if (await mayRead(record)) await send(record);
  } finally {
    events.close();
    for (const timer of timers) clearTimeout(timer);
  }
}

/** Milliseconds since the epoch. */
function changedAt({ delivery }: ResourceRecord): number {
  return Date.parse(delivery.endedAt ?? delivery.acceptedAt);
}
