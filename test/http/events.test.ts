import type { SSEStreamingApi } from 'hono/streaming';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StatusReporterError } from '../../src/errors.ts';
import type { AppOptions } from '../../src/http/app.ts';
import { openEvents, sendEvents } from '../../src/http/events.ts';
import type { Caller, ResourceRecord } from '../../src/http/model.ts';
import { createMemoryStore } from '../../src/http/store.ts';
import { serviceOf } from './stub.ts';

const base = Date.parse('2026-11-22T10:00:00Z');

/** A record that changed so many seconds after ten o'clock. */
function record(name: string, second: number, namespace = 'default'): ResourceRecord {
  const at = new Date(base + second * 1000).toISOString();
  return {
    namespace,
    name,
    status: { phase: 'Ready' },
    observedAt: at,
    delivery: { id: '1', state: 'pending', acceptedAt: at, attempts: 0 },
    timeline: [{ phase: 'Ready', at }],
  };
}

const everybody: Caller = { name: 'x', partition: 'service', may: () => true };

/** Opens the stream; `next` gives what comes next, an event or a comment. */
async function watch(
  app: Partial<AppOptions> = {},
  headers: Record<string, string> = {},
  put = [] as ResourceRecord[],
) {
  const service = serviceOf({ app });
  for (const each of put) service.store.put(each);
  const answer = await service.app.request('/v1/events', { headers });
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  async function next(): Promise<string | undefined> {
    while (!text.includes('\n\n')) {
      const { done, value } = await reader.read();
      if (done) return undefined;
      text += value;
    }
    const end = text.indexOf('\n\n');
    const block = text.slice(0, end);
    text = text.slice(end + 2);
    return block;
  }
  return { ...service, answer, reader, next };
}

const event = (record: ResourceRecord) =>
  `event: record\ndata: ${JSON.stringify(record)}\nid: ${Date.parse(record.delivery.acceptedAt)}`;

describe('the event stream', () => {
  it('begins with the current records, the latest change last, and goes on with every change', async () => {
    const [a, b, c] = [record('a', 2), record('b', 1), record('c', 3)];
    const { answer, next, store } = await watch({}, {}, [a, b]);
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    expect(answer.headers.get('x-accel-buffering')).toBe('no');
    expect(await next()).toBe('retry: 1000');
    expect(await next()).toBe(event(b));
    expect(await next()).toBe(event(a));
    store.put(c);
    expect(await next()).toBe(event(c));
  });

  it('loses no change between the records and the first of the changes', async () => {
    const { next, store } = await watch({}, {}, [record('a', 1)]);
    const changed = record('b', 2);
    store.put(changed);
    expect([await next(), await next(), await next()]).toStrictEqual([
      'retry: 1000',
      event(record('a', 1)),
      event(changed),
    ]);
  });

  it('goes on after the last event that was read, give or take what two clocks may differ by', async () => {
    const records = [record('long-ago', 49.999), record('just-before', 50), record('since', 61)];
    const id = String(base + 60_000);
    const { next } = await watch({}, { 'last-event-id': id }, records);
    expect([await next(), await next(), await next()]).toStrictEqual([
      'retry: 1000',
      event(records[1]!),
      event(records[2]!),
    ]);
  });

  it.each(['', 'x', '-1', '9'.repeat(40)])('begins anew after the id %j', async id => {
    const { next } = await watch({}, { 'last-event-id': id }, [record('a', 1)]);
    expect([await next(), await next()]).toStrictEqual(['retry: 1000', event(record('a', 1))]);
  });

  it('is kept alive through quiet times', async () => {
    const { next } = await watch({ keepAlive: 5 });
    expect([await next(), await next(), await next()]).toStrictEqual([
      'retry: 1000',
      ': keep-alive',
      ': keep-alive',
    ]);
  });

  it('shows nobody what they may not read', async () => {
    const caller: Caller = {
      name: 'tenant',
      partition: 'service',
      may: async (verb, { namespace }) => verb === 'read' && namespace === 'default',
    };
    const { next, store } = await watch({ authenticate: () => caller }, {}, [
      record('a', 1, 'secret'),
      record('b', 2),
    ]);
    store.put(record('c', 3, 'secret'));
    store.put(record('d', 4));
    expect([await next(), await next(), await next()]).toStrictEqual([
      'retry: 1000',
      event(record('b', 2)),
      event(record('d', 4)),
    ]);
  });

  it('ends when the service shuts down, and does not begin then', async () => {
    const closing = new AbortController();
    const { next, reader } = await watch({ closing: closing.signal }, {}, [record('a', 1)]);
    expect([await next(), await next()]).toStrictEqual(['retry: 1000', event(record('a', 1))]);
    closing.abort();
    expect(await next()).toBeUndefined();
    await reader.closed;
    const late = await watch({ closing: closing.signal });
    expect([await late.next(), await late.next()]).toStrictEqual(['retry: 1000', undefined]);
  });

  it('listens no longer than somebody reads', async () => {
    const listening: AbortSignal[] = [];
    const { store } = serviceOf();
    const watched = {
      ...store,
      changes(signal: AbortSignal) {
        listening.push(signal);
        return store.changes(signal);
      },
    };
    const { next, reader } = await watch({ store: watched });
    await next();
    await reader.cancel();
    expect(listening.map(({ aborted }) => aborted)).toStrictEqual([true]);
    const head = await serviceOf({ app: { store: watched } }).app.request('/v1/events', { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type')]).toStrictEqual([200, 'text/event-stream']);
    expect(listening.map(({ aborted }) => aborted)).toStrictEqual([true, true]);
  });

  it('listens to nothing where nobody can tell what the caller may read, and says why', async () => {
    const listening: AbortSignal[] = [];
    const { store } = serviceOf();
    store.put(record('a', 1));
    let broken = true;
    const caller: Caller = {
      name: 'tenant',
      partition: 'service',
      async may() {
        if (broken) throw new StatusReporterError('unavailable', 'no answer');
        return true;
      },
    };
    const watched = {
      ...store,
      changes(signal: AbortSignal) {
        listening.push(signal);
        return store.changes(signal);
      },
    };
    const options = { store: watched, authenticate: () => caller };
    expect((await serviceOf({ app: options }).app.request('/v1/events')).status).toBe(502);
    expect(listening.map(({ aborted }) => aborted)).toStrictEqual([true]);

    broken = false;
    const { next } = await watch(options);
    expect([await next(), await next()]).toStrictEqual(['retry: 1000', event(record('a', 1))]);
    broken = true;
    store.put(record('b', 2));
    expect(await next()).toBeUndefined();
    expect(listening.map(({ aborted }) => aborted)).toStrictEqual([true, true]);
  });
});

describe('in time', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('a stream ends after a quarter of an hour, so that who may read what is asked anew', async () => {
    const { next } = await watch({ keepAlive: 10 ** 9 });
    expect(await next()).toBe('retry: 1000');
    const end = next();
    await vi.advanceTimersByTimeAsync(15 * 60_000 - 1);
    expect(await Promise.race([end, Promise.resolve('goes on')])).toBe('goes on');
    await vi.advanceTimersByTimeAsync(1);
    expect(await end).toBeUndefined();
  });

  it('a reader that takes nothing does not hold up the shutdown, nor does what it does not take pile up', async () => {
    const closing = new AbortController();
    const listening = Promise.withResolvers<void>();
    const { store } = serviceOf();
    for (let n = 0; n < 10; n++) store.put(record(`r${n}`, n));
    const watched = {
      ...store,
      changes(signal: AbortSignal) {
        signal.addEventListener('abort', () => listening.resolve());
        return store.changes(signal);
      },
    };
    const { reader } = await watch({ store: watched, closing: closing.signal });
    await vi.advanceTimersByTimeAsync(60_000);
    closing.abort();
    await listening.promise;
    await vi.advanceTimersByTimeAsync(1_000);
    let taken = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) taken += part.value;
    expect(taken.match(/keep-alive/g)?.length ?? 0).toBeLessThanOrEqual(1);
    expect(taken).not.toContain('"name":"r9"');
  });

  it('a reader that takes nothing is told once that the stream is alive, and is cut off a second after the end', async () => {
    const closing = new AbortController();
    const written: string[] = [];
    const abort = vi.fn();
    const never = (text: string) => {
      written.push(text);
      return new Promise<never>(() => {});
    };
    const write = (text: string) => (text.startsWith('retry') ? Promise.resolve() : never(text));
    const writeSSE = ({ event }: { event: string }) => never(event);
    const stream = { write, writeSSE, abort, onAbort() {} } as unknown as SSEStreamingApi;
    const events = openEvents(createMemoryStore(), { closing: closing.signal });
    void sendEvents(stream, { events, records: [record('a', 1)], caller: everybody, keepAlive: 10 });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(written).toStrictEqual(['record', ': keep-alive\n\n']);
    closing.abort();
    await vi.advanceTimersByTimeAsync(999);
    expect(abort).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(abort).toHaveBeenCalledOnce();
  });
});

describe('a stream that ended', () => {
  it('sends no more of the current records', async () => {
    const closing = new AbortController();
    const sent: string[] = [];
    const writeSSE = async ({ data }: { data: string }) => {
      sent.push(JSON.parse(data).name);
      closing.abort();
    };
    const stream = { write: async () => {}, writeSSE, onAbort() {} } as unknown as SSEStreamingApi;
    const events = openEvents(createMemoryStore(), { closing: closing.signal });
    const records = [record('a', 1), record('b', 2)];
    await sendEvents(stream, { events, records, caller: everybody, keepAlive: 1000 });
    expect(sent).toStrictEqual(['a']);
  });

  it('leaves nothing behind: no timer, no listener', async () => {
    vi.useFakeTimers();
    const { signal } = new AbortController();
    const [added, removed] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')];
    const gone = () => Promise.reject(new Error('gone'));
    const stream = { write: gone, onAbort() {} } as unknown as SSEStreamingApi;
    const events = openEvents(createMemoryStore(), { closing: signal });
    const sent = sendEvents(stream, { events, records: [], caller: everybody, keepAlive: 10 });
    await expect(sent).rejects.toThrow('gone');
    expect(events.signal.aborted).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
    expect([added.mock.calls.length, removed.mock.calls]).toStrictEqual([1, added.mock.calls]);
    vi.useRealTimers();
  });
});
