import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createDeliveryObject } from '../../src/entry/workers/delivery-object.ts';
import { ApiError, ConfigurationError, StatusReporterError } from '../../src/errors.ts';
import type { ResourceRecord, Submission } from '../../src/http/model.ts';
import type { ReportResult } from '../../src/reporter/reporter.ts';
import type { Status } from '../../src/status/types.ts';
import { createStorage } from './platform.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const applied: ReportResult = { outcome: 'applied', resourceVersion: '7', requests: 2, attempts: 1 };
const outage = new StatusReporterError('unavailable', 'no connection');
const missing = new ApiError('not_found', 'no such resource', { httpStatus: 404 });

let now: number;
let storage: ReturnType<typeof createStorage>;
let answers: (ReportResult | Error | (() => ReportResult | Promise<ReportResult>))[];
let broken: Error | undefined;
let reported: Status[];
let published: { record: ResourceRecord; revision: number }[];
let index: 'up' | 'down';
let counted: string[];

beforeEach(() => {
  now = start;
  storage = createStorage();
  [answers, reported, published, counted, index] = [[], [], [], [], 'up'];
  broken = undefined;
});

/** The object as a process finds it on its disk. */
function begin() {
  return createDeliveryObject({
    storage,
    reporter() {
      if (broken) throw broken;
      return reporter;
    },
    async publish(record, revision) {
      if (index === 'down') throw new Error('down');
      published.push({ record, revision });
    },
    observer: { report: ({ outcome }) => counted.push(outcome) },
    log: () => {},
    now: () => now,
    random: () => 1,
  });
}

const reporter = {
  async reportStatus(status: Status | null | undefined) {
    reported.push(status!);
    const answer = answers.shift() ?? applied;
    if (answer instanceof Error) throw answer;
    return typeof answer === 'function' ? answer() : answer;
  },
};

const report = (message: string, more: Partial<Submission> = {}): Submission => ({
  target: { namespace: 'default', name: 'demo' },
  status: { phase: 'Ready', message },
  observedAt: now,
  ...more,
});

/** Milliseconds until the alarm. */
const alarmIn = () => (storage.alarm === null ? undefined : storage.alarm - now);

/** Lets the time pass until the alarm, which rings. */
async function ring(object: ReturnType<typeof begin>): Promise<void> {
  now = Math.max(now, storage.alarm ?? now);
  storage.alarm = null;
  await object.alarm();
}

describe('an object that was only asked', () => {
  it('leaves nothing on its disk', async () => {
    const object = begin();
    await object.recover();
    expect(object.progress('unknown')).toBeUndefined();
    expect(storage.sql.exec('SELECT name FROM sqlite_schema').toArray()).toStrictEqual([]);
  });
});

describe('an accepted report', () => {
  it('is delivered by the alarm, which is set with it', async () => {
    const object = begin();
    const { delivery } = object.accept(report('first'));
    expect(delivery).toMatchObject({ state: 'pending', attempts: 0 });
    expect(alarmIn()).toBe(0);
    now += 30;
    await ring(object);
    expect(reported).toStrictEqual([{ phase: 'Ready', message: 'first' }]);
    expect(object.progress(delivery.id)?.delivery).toMatchObject({
      state: 'delivered',
      outcome: 'applied',
      duration: 30,
      attempts: 1,
    });
    expect(alarmIn()).toBeUndefined();
    expect(published.at(-1)?.record).toMatchObject({
      delivery: { state: 'delivered' },
      namespace: 'default',
    });
  });

  it('is replaced by a later one that comes before its turn', async () => {
    const object = begin();
    const first = object.accept(report('first')).delivery.id;
    const end = object.end(first, 1_000);
    object.accept(report('second'));
    expect((await end)?.delivery).toMatchObject({ state: 'delivered', outcome: 'superseded' });
    await ring(object);
    expect(reported.map(({ message }) => message)).toStrictEqual(['second']);
    expect(counted).toStrictEqual(['superseded', 'applied']);
  });

  it('is delivered in the same turn where it comes during an attempt, and needs no alarm any more', async () => {
    const object = begin();
    object.accept(report('first'));
    answers = [
      () => {
        object.accept(report('second'));
        return applied;
      },
    ];
    await ring(object);
    expect(reported.map(({ message }) => message)).toStrictEqual(['first', 'second']);
    expect(alarmIn()).toBeUndefined();
  });

  it('is shown where it waits for an attempt that takes long', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const held = Promise.withResolvers<ReportResult>();
    const object = begin();
    object.accept(report('first'));
    answers = [() => held.promise];
    const rung = ring(object);
    const shown = () => published.map(({ record }) => [record.status.message, record.delivery.state]);
    expect(shown()).toStrictEqual([]);
    await vi.advanceTimersByTimeAsync(250);
    expect(shown()).toStrictEqual([['first', 'pending']]);
    for (const message of ['second', 'third']) object.accept(report(message));
    await vi.advanceTimersByTimeAsync(250);
    expect(shown().slice(1)).toStrictEqual([['third', 'pending']]);
    held.resolve(applied);
    await rung;
    expect(shown().slice(2)).toStrictEqual([['third', 'delivered']]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is found again by another process, which sets the alarm where it is lost', async () => {
    const { id } = begin().accept(report('first')).delivery;
    storage.alarm = null;
    const object = begin();
    await object.recover();
    expect(alarmIn()).toBe(0);
    await ring(object);
    expect(object.progress(id)?.delivery).toMatchObject({ state: 'delivered', outcome: 'applied' });
  });

  it('is refused where its instance has said something later, also to another process', () => {
    const instance = 'a';
    begin().accept(report('later', { instance }));
    const older = report('older', { instance, observedAt: now - 1 });
    expect(() => begin().accept(older)).toThrow(expect.objectContaining({ code: 'stale' }));
    expect(() => begin().accept({ ...older, instance: 'b' })).not.toThrow();
  });

  it('can be asked for until a hundred others have come', async () => {
    const object = begin();
    const { id } = object.accept(report('first')).delivery;
    for (let count = 2; count <= 100; count++) object.accept(report(`${count}`));
    expect(object.progress(id)).toBeDefined();
    object.accept(report('101'));
    expect(object.progress(id)).toBeUndefined();
    expect(await object.end(id, 1)).toBeUndefined();
  });
});

describe('an outage', () => {
  it('is waited out: twice as long each time, a minute at most', async () => {
    const object = begin();
    object.accept(report('first'));
    const waits = [];
    for (let attempt = 0; attempt < 8; attempt++) {
      answers = [outage];
      await ring(object);
      waits.push(alarmIn()! / 1000);
    }
    expect(waits).toStrictEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    await ring(object);
    expect(published.at(-1)?.record.delivery).toMatchObject({ state: 'delivered', attempts: 9 });
    expect(published.at(-1)?.record.delivery).not.toHaveProperty('error');
  });

  it('is waited out as long as the API server asks for', async () => {
    const object = begin();
    object.accept(report('first'));
    answers = [new ApiError('throttled', 'later', { httpStatus: 429, retryAfterSeconds: 40 })];
    await ring(object);
    expect(alarmIn()).toBe(40_000);
  });

  it('is not shortened by further reports, of which the last is delivered', async () => {
    const object = begin();
    object.accept(report('first'));
    answers = [outage, outage, outage];
    await ring(object);
    await ring(object);
    now += 500;
    object.accept(report('second'));
    expect(alarmIn()).toBe(1_500);
    await ring(object);
    expect(alarmIn()).toBe(4_000);
    await ring(object);
    expect(reported.map(({ message }) => message)).toStrictEqual(['first', 'first', 'second', 'second']);
    // It is over: the next failure is the first one again.
    object.accept(report('third'));
    answers = [outage];
    await ring(object);
    expect(alarmIn()).toBe(1_000);
  });

  it('keeps who waits waiting, but not for ever', async () => {
    const object = begin();
    const { id } = object.accept(report('first')).delivery;
    const end = object.end(id, 20);
    answers = [outage];
    await ring(object);
    expect(await end).toBeUndefined();
    expect(object.progress(id)).toMatchObject({
      delivery: { state: 'pending', error: { code: 'unavailable' } },
    });
  });
});

describe('what somebody has to mend', () => {
  it('may be the reporter itself: where none can be made, it is tried again', async () => {
    broken = new ConfigurationError('no URL');
    const object = begin();
    const { id } = object.accept(report('first')).delivery;
    await ring(object);
    expect(object.progress(id)).toMatchObject({
      delivery: { state: 'pending', attempts: 1 },
      failure: { code: 'configuration' },
    });
    expect(alarmIn()).toBe(5_000);
    broken = undefined;
    await ring(object);
    expect(object.progress(id)?.delivery).toMatchObject({ state: 'delivered' });
  });

  it('is told at once, and looked at again and again, for a day', async () => {
    const object = begin();
    const { id } = object.accept(report('first')).delivery;
    const end = object.end(id, 1_000);
    answers = [missing];
    await ring(object);
    expect(await end).toMatchObject({
      delivery: { state: 'pending' },
      failure: { code: 'not_found', httpStatus: 404 },
    });
    // Whoever asks later need not wait either.
    expect(await object.end(id, 1_000)).toMatchObject({ failure: { code: 'not_found' } });
    expect(alarmIn()).toBe(5_000);
    for (let attempt = 0; storage.alarm !== null && attempt < 1_000; attempt++) {
      answers = [missing];
      await ring(object);
    }
    expect(object.progress(id)?.delivery).toMatchObject({ state: 'failed', error: { code: 'not_found' } });
    expect((now - start) / 3_600_000).toBeCloseTo(24, 0);
  });

  it('is tried at once with the next report', async () => {
    const object = begin();
    object.accept(report('first'));
    answers = [missing];
    await ring(object);
    now += 10;
    object.accept(report('second'));
    expect(alarmIn()).toBe(0);
  });
});

describe('a report that the API server refuses', () => {
  it('has failed, and says nothing of the next one', async () => {
    const object = begin();
    const { id } = object.accept(report('first')).delivery;
    answers = [new ApiError('rejected', 'not so', { httpStatus: 422 })];
    await ring(object);
    expect(object.progress(id)).toMatchObject({
      delivery: { state: 'failed', attempts: 1, error: { code: 'rejected' } },
      failure: { httpStatus: 422 },
    });
    expect(alarmIn()).toBeUndefined();
    expect(counted).toStrictEqual(['failed']);
    object.accept(report('second'));
    expect(alarmIn()).toBe(0);
  });
});

describe('the index', () => {
  it('is told again where it could not be told', async () => {
    const object = begin();
    object.accept(report('first'));
    index = 'down';
    await ring(object);
    expect(alarmIn()).toBe(5_000);
    index = 'up';
    await ring(object);
    expect(published.map(({ record }) => record.delivery.state)).toStrictEqual(['delivered']);
    expect(reported).toHaveLength(1);
  });

  it('is told in ascending revisions, also by another process and by a clock that was set back', async () => {
    for (let count = 0; count < 3; count++) {
      const object = begin();
      object.accept(report(`${count}`, { instance: `${count}` }));
      await ring(object);
      now -= 1_000;
    }
    const revisions = published.map(({ revision }) => revision);
    expect(revisions).toHaveLength(3);
    expect([...new Set(revisions)].sort((a, b) => a - b)).toStrictEqual(revisions);
  });
});

describe('a report with a credential that is not kept', () => {
  it('is delivered at once and forgotten after a day', async () => {
    const object = begin();
    const { record } = await object.deliverNow(report('first'), reporter, 'suffix');
    expect(record.delivery).toMatchObject({ state: 'delivered', id: expect.stringMatching(/\.suffix$/) });
    expect(object.progress(record.delivery.id)).toBeDefined();
    expect(alarmIn()).toBe(24 * 3_600_000);
    await ring(object);
    expect(reported).toHaveLength(1);
    expect(object.progress(record.delivery.id)).toBeUndefined();
    expect(storage.sql.exec('SELECT name FROM sqlite_schema').toArray()).toStrictEqual([]);
    await object.deliverNow(report('second'), reporter);
    expect(reported).toHaveLength(2);
  });

  it('is not tried again, nor shown, where it failed', async () => {
    const object = begin();
    answers = [outage];
    const { record, failure } = await object.deliverNow(report('first'), reporter);
    expect(record.delivery).toMatchObject({ state: 'failed' });
    expect(failure).toMatchObject({ code: 'unavailable' });
    expect(published).toStrictEqual([]);
    expect(alarmIn()).toBe(24 * 3_600_000);
  });

  it('has failed where the process ended over it', async () => {
    const never = { reportStatus: () => new Promise<ReportResult>(() => {}) };
    void begin().deliverNow(report('first'), never, 'suffix');
    const object = begin();
    await object.recover();
    const [{ id }] = storage.sql.exec<{ id: string }>('SELECT id FROM deliveries').toArray() as [
      { id: string },
    ];
    expect(object.progress(id)?.delivery).toMatchObject({ state: 'failed', error: { code: 'internal' } });
  });
});
