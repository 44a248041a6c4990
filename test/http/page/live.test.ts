import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StatusReporterError } from '../../../src/errors.ts';
import type { Caller, ResourceRecord } from '../../../src/http/app.ts';
import { createView, type Update } from '../../../src/http/page/live.tsx';
import { samples } from '../../page/samples.ts';
import { serviceOf } from '../stub.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
const [payments, search, wiki] = samples(now) as [ResourceRecord, ResourceRecord, ResourceRecord];

const ids = (update: Update | undefined) => update?.parts.map(([id]) => id);
const failed = (record: ResourceRecord): ResourceRecord => ({
  ...record,
  status: { ...record.status, phase: 'Failed' },
  timeline: [...record.timeline, { phase: 'Failed', at: new Date(now).toISOString() }],
});

describe('what a viewer is sent', () => {
  it('is everything at first', () => {
    expect(ids(createView([search, wiki]).all(now))).toEqual(['overview', 'changes', 'servers']);
  });

  it('is one resource where nothing but its report is new', () => {
    const view = createView([search, wiki]);
    view.all(now);
    const update = view.put([search], now);
    expect(ids(update)).toEqual(['server-platform.search']);
    expect(update).not.toHaveProperty('news');
  });

  it('is the overview too where a phase changed, with a word for screen readers', () => {
    const view = createView([search, wiki]);
    view.all(now);
    const update = view.put([failed(search)], now);
    expect(ids(update)).toEqual(['overview', 'changes', 'server-platform.search']);
    expect(update).toMatchObject({
      news: 'platform/search is Failed.',
      title: '1 of 2 servers needs attention – vMCP status',
    });
  });

  it('is the whole list where a resource is new, in its order', () => {
    const view = createView([search, wiki]);
    view.all(now);
    const update = view.put([payments], now);
    expect(ids(update)).toEqual(['overview', 'changes', 'servers']);
    const order = [...update!.parts[2]![1].matchAll(/<article id="server-([^"]+)"/g)].map(match => match[1]);
    expect(order).toEqual(['payments.checkout-tools', 'platform.search', 'platform.wiki']);
  });

  it('is nothing where nothing is new, until somebody falls silent', () => {
    const view = createView([search, wiki]);
    view.all(now);
    expect(view.put([], now + 60_000)).toBeUndefined();
    expect(ids(view.put([], now + 293_000))).toEqual(['overview', 'changes', 'server-platform.wiki']);
    expect(view.put([], now + 293_500)).toBeUndefined();
  });
});

describe('GET /page/events', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  async function open(caller?: Caller) {
    const closing = new AbortController();
    const authenticate = caller && { authenticate: () => caller };
    const service = serviceOf({ app: { closing: closing.signal, ...authenticate } });
    for (const record of [payments, search]) service.store.put(record);
    const response = await service.app.request('/page/events');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    const next = async () => {
      const { value, done } = await reader.read();
      if (done) return undefined;
      const [, event, data] = /^event: (\w+)\ndata: (.*)\n\n$/s.exec(value)!;
      return { event, ...(data && { update: JSON.parse(data) as Update }) };
    };
    return { ...service, closing, response, reader, next };
  }

  it('begins with everything, so that who comes back misses nothing', async () => {
    const { next, response, closing } = await open();
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const first = await next();
    expect(first).toMatchObject({ event: 'update', update: { now } });
    expect(ids(first!.update)).toEqual(['overview', 'changes', 'servers']);
    closing.abort();
  });

  it('gathers what happens at once into one update', async () => {
    const { next, store, closing } = await open();
    await next();
    for (let round = 0; round < 100; round++) store.put(failed(search));
    store.put(failed(payments));
    const update = next();
    await vi.advanceTimersByTimeAsync(200);
    expect(ids((await update)?.update)).toEqual([
      'overview',
      'changes',
      'server-platform.search',
      'server-payments.checkout-tools',
    ]);
    closing.abort();
  });

  it('does not wait for the end of what never ends', async () => {
    const { next, store, closing } = await open();
    await next();
    const update = next();
    for (let passed = 0; passed < 1000; passed += 20) {
      store.put(search);
      await vi.advanceTimersByTimeAsync(20);
    }
    expect(Date.now()).toBeLessThan((await update)!.update!.now + 900);
    closing.abort();
  });

  it('gives a sign of life in quiet times', async () => {
    const { next, closing } = await open();
    await next();
    const beat = next();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await beat).toEqual({ event: 'beat' });
    closing.abort();
  });

  it('ends when the service shuts down, and after a while, so that the reader is asked who it is again', async () => {
    const first = await open();
    await first.next();
    first.closing.abort();
    expect(await first.next()).toBeUndefined();
    const second = await open();
    await second.next();
    await vi.advanceTimersByTimeAsync(15 * 60_000);
    let last: unknown;
    do last = await second.next();
    while (last !== undefined);
  });

  it('does not hold up the shutdown for a reader that takes nothing', async () => {
    const { store, closing, reader } = await open();
    for (let round = 0; round < 20; round++) {
      store.put(failed(search));
      await vi.advanceTimersByTimeAsync(200);
    }
    closing.abort();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(vi.getTimerCount()).toBe(0);
    let updates = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) updates++;
    // Two were on their way when it stopped; the third waited for it, and was given up.
    expect(updates).toBe(2);
  });

  it('ends where nobody can tell any more what the caller may read, and does not begin then', async () => {
    let broken = false;
    const may = async () => {
      if (broken) throw new StatusReporterError('unavailable', 'no answer');
      return true;
    };
    const caller = { name: 'team', partition: 'service', may };
    const { app, store, next } = await open(caller);
    await next();
    broken = true;
    store.put(failed(search));
    const end = next();
    await vi.advanceTimersByTimeAsync(200);
    expect(await end).toBeUndefined();
    expect((await app.request('/page/events')).status).toBe(502);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves nothing behind when its reader is gone', async () => {
    const { next, reader, store, closing } = await open();
    await next();
    await reader.cancel();
    store.put(search);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(vi.getTimerCount()).toBe(0);
    closing.abort();
  });

  it('shows what the caller may read', async () => {
    const may = (_: unknown, { namespace }: { namespace: string }) => namespace === 'platform';
    const { next, store, closing } = await open({ name: 'team', partition: 'service', may });
    expect(JSON.stringify(await next())).not.toContain('payments');
    store.put(failed(payments));
    store.put(failed(search));
    const update = next();
    await vi.advanceTimersByTimeAsync(200);
    const seen = JSON.stringify(await update);
    expect(seen).toContain('platform/search is Failed.');
    expect(seen).not.toContain('payments');
    closing.abort();
  });
});
