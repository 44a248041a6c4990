import { describe, expect, it } from 'vitest';
import type { ResourceObject } from '../../src/api/resource.ts';
import { StatusReporterError } from '../../src/errors.ts';
import type { Caller, Submission } from '../../src/http/model.ts';
import type { ReportResult } from '../../src/reporter/reporter.ts';
import type { Phase } from '../../src/status/types.ts';
import { applied, type Behaviour, serviceOf } from './stub.ts';

const start = Date.parse('2026-11-22T10:00:00Z');
const target = { namespace: 'default', name: 'demo' };
const service: Caller = { name: 'somebody', partition: 'service', may: () => true };
const own = (partition: string): Caller => ({
  ...service,
  partition,
  credentials: { source: 'a test', access: async () => ({ server: 'https://api.test' }) },
});

const report = (phase: Phase, at = start, more: Partial<Submission> = {}): Submission => ({
  target,
  status: { phase },
  observedAt: at,
  ...more,
});

/** A dispatcher whose deliveries end when a test says. */
function held(behaviour: Behaviour = {}) {
  const ends: PromiseWithResolvers<ReportResult>[] = [];
  let now = start;
  const events: unknown[] = [];
  const { dispatcher, store, disposed } = serviceOf({
    report: () => {
      const end = Promise.withResolvers<ReportResult>();
      ends.push(end);
      return end.promise;
    },
    ...behaviour,
    dispatch: {
      now: () => now,
      observer: { report: event => events.push(event), request: () => {} },
      ...behaviour.dispatch,
    },
  });
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  return { dispatcher, store, ends, pass, events, disposed };
}

describe('an accepted report', () => {
  it('is pending in the record of its resource until it is delivered', async () => {
    const { dispatcher, store, ends, pass, events } = held();
    const { record, result } = await dispatcher.submit(
      report('Ready', start - 500, { instance: 'pod-1' }),
      service,
    );
    expect(store.get(target)).toStrictEqual(record);
    const { id } = record.delivery;
    expect(record).toStrictEqual({
      ...target,
      status: { phase: 'Ready' },
      instance: 'pod-1',
      observedAt: '2026-11-22T09:59:59.500Z',
      delivery: { id, state: 'pending', acceptedAt: '2026-11-22T10:00:00.000Z', attempts: 0 },
      timeline: [{ phase: 'Ready', at: '2026-11-22T09:59:59.500Z' }],
    });
    expect(dispatcher.inFlight).toBe(1);
    pass(250);
    ends[0]!.resolve({ ...applied, attempts: 2, contested: ['phase'] });
    await result;
    const delivery = {
      id,
      state: 'delivered',
      acceptedAt: '2026-11-22T10:00:00.000Z',
      endedAt: '2026-11-22T10:00:00.250Z',
      duration: 250,
      outcome: 'applied',
      result: { ...applied, attempts: 2, contested: ['phase'] },
      attempts: 2,
    };
    expect(store.get(target)).toStrictEqual({
      ...record,
      delivery,
      deliveredAt: '2026-11-22T10:00:00.250Z',
      contested: ['phase'],
    });
    expect(dispatcher.delivery(target, id)).toStrictEqual(delivery);
    expect(dispatcher.delivery({ ...target, name: 'other' }, id)).toBeUndefined();
    expect(dispatcher.inFlight).toBe(0);
    expect(events).toStrictEqual([{ target, outcome: 'applied', duration: 250 }]);
  });

  it('that fails says why, without addresses; what was delivered before stays known', async () => {
    const { dispatcher, store, ends, pass, events } = held();
    const first = await dispatcher.submit(report('Ready'), service);
    ends[0]!.resolve({ ...applied, contested: ['phase'] });
    await first.result;
    pass(1000);
    const second = await dispatcher.submit(report('Failed', start + 1000), service);
    ends[1]!.reject(new StatusReporterError('unavailable', 'connect ECONNREFUSED 10.0.0.1:6443'));
    await expect(second.result).rejects.toThrow('10.0.0.1');
    expect(store.get(target)).toMatchObject({
      deliveredAt: '2026-11-22T10:00:00.000Z',
      contested: ['phase'],
      delivery: {
        state: 'failed',
        attempts: 1,
        duration: 0,
        error: { code: 'unavailable', detail: 'The API server cannot be reached, or cannot answer now.' },
      },
    });
    expect(events.at(-1)).toStrictEqual({ target, outcome: 'failed', code: 'unavailable', duration: 0 });
    const third = await dispatcher.submit(report('Ready', start + 2000), service);
    ends[2]!.resolve(applied);
    await third.result;
    expect(store.get(target)).toMatchObject({ deliveredAt: '2026-11-22T10:00:01.000Z' });
    expect(store.get(target)).not.toHaveProperty('contested');
  });

  it('that ends late does not take the place of a later one', async () => {
    const { dispatcher, store, ends } = held();
    const first = await dispatcher.submit(report('Ready'), service);
    const second = await dispatcher.submit(report('Failed'), service);
    ends[1]!.resolve(applied);
    ends[0]!.resolve({ outcome: 'superseded', requests: 0, attempts: 0 });
    await Promise.all([first.result, second.result]);
    expect(store.get(target)).toMatchObject({
      status: { phase: 'Failed' },
      delivery: { id: second.record.delivery.id, state: 'delivered' },
    });
    expect(dispatcher.delivery(target, first.record.delivery.id)).toMatchObject({ outcome: 'superseded' });
  });

  it('may fail while nobody waits for it: vitest would report an unhandled rejection', async () => {
    const { dispatcher, ends } = held();
    const { id } = (await dispatcher.submit(report('Ready'), service)).record.delivery;
    ends[0]!.reject(new StatusReporterError('tls', 'no'));
    await new Promise(resolve => setImmediate(resolve));
    expect(dispatcher.delivery(target, id)).toMatchObject({ state: 'failed' });
  });

  it('keeps the last 50 changes of phase, and only changes', async () => {
    const { dispatcher, store } = held();
    for (let n = 0; n < 120; n++)
      await dispatcher.submit(report(n % 4 < 2 ? 'Ready' : 'Degraded', start + n), service);
    const { timeline } = store.get(target)!;
    expect(timeline).toHaveLength(50);
    expect(timeline.at(-1)).toStrictEqual({ phase: 'Degraded', at: '2026-11-22T10:00:00.118Z' });
    expect(timeline.every(({ phase }, n) => phase !== timeline[n - 1]?.phase)).toBe(true);
  });
});

describe('late arrivals', () => {
  it('are refused before anything is sent or shown', async () => {
    const { dispatcher, store, ends } = held();
    await dispatcher.submit(report('Ready', start, { instance: 'a' }), service);
    expect(() => dispatcher.submit(report('Failed', start - 1, { instance: 'a' }), service)).toThrow(
      expect.objectContaining({
        code: 'stale',
        message: expect.stringContaining('2026-11-22T09:59:59.999Z'),
      }),
    );
    expect(ends).toHaveLength(1);
    expect(store.get(target)?.status.phase).toBe('Ready');
    await dispatcher.submit(report('Failed', start - 1, { instance: 'b' }), service);
    expect(store.get(target)?.status.phase).toBe('Failed');
  });

  it('are refused also when the reporter was let go meanwhile', async () => {
    const { dispatcher, disposed } = held({ dispatch: { limit: 1 } });
    await dispatcher.submit(report('Ready'), service);
    await dispatcher.submit(report('Ready', start, { target: { ...target, name: 'other' } }), service);
    expect(disposed).toStrictEqual(['default/demo']);
    expect(() => dispatcher.submit(report('Failed', start - 1), service)).toThrow(
      expect.objectContaining({ code: 'stale' }),
    );
  });
});

describe('the order of reports', () => {
  it('is remembered for ten times as many resources as there are reporters', async () => {
    const { dispatcher } = held({ dispatch: { limit: 1 } });
    const other = (n: number) => report('Ready', start, { target: { ...target, name: `other-${n}` } });
    const older = report('Failed', start - 1);
    await dispatcher.submit(report('Ready'), service);
    for (let n = 1; n < 10; n++) await dispatcher.submit(other(n), service);
    expect(() => dispatcher.submit(older, service)).toThrow(expect.objectContaining({ code: 'stale' }));
    await dispatcher.submit(other(10), service);
    expect((await dispatcher.submit(older, service)).record.status.phase).toBe('Failed');
  });
});

describe("callers with the API server's own credentials", () => {
  it('have reporters and an order of their own: nobody has checked them yet', async () => {
    const { dispatcher, ends } = held();
    await dispatcher.submit(report('Ready', start + 50_000), own('intruder'));
    await dispatcher.submit(report('Failed', start), own('gateway'));
    expect(ends).toHaveLength(2);
    expect(dispatcher.reporters).toBe(2);
  });

  it('are shown to nobody until the API server has let them', async () => {
    const { dispatcher, store, ends } = held();
    const refused = await dispatcher.submit(report('Failed'), own('intruder'));
    expect(store.list()).toStrictEqual([]);
    ends[0]!.reject(new StatusReporterError('forbidden', 'no'));
    await expect(refused.result).rejects.toThrow('no');
    expect(store.list()).toStrictEqual([]);
    const taken = await dispatcher.submit(report('Ready'), own('gateway'));
    ends[1]!.resolve(applied);
    await taken.result;
    expect(store.get(target)).toMatchObject({
      status: { phase: 'Ready' },
      delivery: { state: 'delivered' },
      deliveredAt: '2026-11-22T10:00:00.000Z',
    });
  });
});

describe('reads', () => {
  it('of one resource are limited, so that nobody holds up reports with them', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { dispatcher } = held({
      read: async () => {
        await promise;
        return { metadata: { resourceVersion: '7', generation: 2 }, status: { phase: 'Ready' } };
      },
      dispatch: { reads: 2 },
    });
    const reads = [dispatcher.read(target, service), dispatcher.read(target, service)];
    await expect(dispatcher.read(target, service)).rejects.toMatchObject({ code: 'throttled' });
    const other = dispatcher.read({ ...target, name: 'other' }, service);
    resolve();
    const found = { resourceVersion: '7', generation: 2, status: { phase: 'Ready' } };
    expect(await Promise.all([...reads, other])).toStrictEqual([found, found, found]);
    expect(await dispatcher.read(target, service)).toStrictEqual(found);
  });

  it('that ended make room for as many others', async () => {
    const ends: PromiseWithResolvers<ResourceObject>[] = [];
    const read = () => {
      const end = Promise.withResolvers<ResourceObject>();
      ends.push(end);
      return end.promise;
    };
    const { dispatcher } = held({ read, dispatch: { reads: 2 } });
    const [first] = [dispatcher.read(target, service), dispatcher.read(target, service)];
    await expect.poll(() => ends).toHaveLength(2);
    ends[0]!.resolve({ metadata: { resourceVersion: '7' } });
    await first;
    void dispatcher.read(target, service);
    await expect(dispatcher.read(target, service)).rejects.toMatchObject({ code: 'throttled' });
  });
});

describe('where nobody says', () => {
  it('there are 16 reads of a resource at once, 1,000 reporters, and 10,000 deliveries to ask for', async () => {
    const { dispatcher } = serviceOf();
    const reads = Array.from({ length: 17 }, () => dispatcher.read(target, service));
    const refused = (await Promise.allSettled(reads)).flatMap(({ status }, n) =>
      status === 'rejected' ? [n] : [],
    );
    expect(refused).toStrictEqual([16]);
    const ids: string[] = [];
    for (let n = 0; n <= 10_000; n++) {
      const of = { ...target, name: `r${n % 1001}` };
      ids.push((await dispatcher.submit(report('Ready', start, { target: of }), service)).record.delivery.id);
    }
    expect(dispatcher.reporters).toBe(1000);
    expect(dispatcher.delivery({ ...target, name: 'r0' }, ids[0]!)).toBeUndefined();
    expect(dispatcher.delivery({ ...target, name: 'r1' }, ids[1]!)).toMatchObject({ state: 'delivered' });
  });
});

describe('what is remembered of deliveries', () => {
  it('is bounded', async () => {
    const { dispatcher } = held({ dispatch: { deliveries: 2 } });
    const ids: string[] = [];
    for (let n = 0; n < 3; n++)
      ids.push((await dispatcher.submit(report('Ready', start + n), service)).record.delivery.id);
    expect(ids.map(id => dispatcher.delivery(target, id) !== undefined)).toStrictEqual([false, true, true]);
  });
});
