// How the reporter behaves in time: faults, deadlines, coalescing, shutdown. What it writes is in test/contract/.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { staticCredentials } from '../../src/credentials/static.ts';
import type { K8sReporterOptions } from '../../src/reporter/kubernetes/options.ts';
import { K8sReporter } from '../../src/reporter/kubernetes.ts';
import type { Status } from '../../src/status/types.ts';
import { createFakeApiServer } from '../../src/testing/index.ts';
// Loads with the first failure: the fake clock would run ahead of it.
import '../../src/transport/explanation.ts';
import '../../src/transport/from-fetch.ts';
import type { FetchInit } from '../../src/transport/from-fetch.ts';

type Fault = (url: string, init: FetchInit) => Response | Promise<Response> | undefined;

const status: Status = {
  phase: 'Ready',
  message: 'All is well',
  discoveredBackends: [{ name: 'a', status: 'ready' }],
};
const secret = 'a-token-that-must-not-show';

/** A reporter on a fake with one object; faults are used up in turn, before the fake is asked. */
function setUp(options: Partial<K8sReporterOptions> = {}) {
  const api = createFakeApiServer({ objects: [{ namespace: 'ns', name: 'demo' }], now: () => new Date() });
  const faults: Fault[] = [];
  const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const reporter = new K8sReporter({
    namespace: 'ns',
    name: 'demo',
    credentials: staticCredentials({ server: api.server, token: secret }),
    fetch: async (url, init) => (await faults.shift()?.(url, init)) ?? api.fetch(url, init),
    random: () => 0.5,
    logger,
    ...options,
  });
  return { api, faults, reporter, logger, live: () => api.get('ns', 'demo')!.status as any };
}

const answer =
  (code: number, reason: string, headers: Record<string, string> = {}): Fault =>
  () =>
    Response.json(
      { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message: reason },
      { status: code, headers },
    );
const reset: Fault = () => Promise.reject(new TypeError('fetch failed'));
/** Never answers; rejects when the request is given up. */
const silence: Fault = (_, { signal }) =>
  new Promise((_, reject) => {
    signal!.addEventListener('abort', () => reject(signal!.reason));
  });
/** Reaches the API server, but its answer is lost. */
const lostAnswer =
  (api: ReturnType<typeof createFakeApiServer>): Fault =>
  async (url, init) => {
    await api.fetch(url, init);
    throw new TypeError('fetch failed');
  };

beforeEach(() => {
  vi.useFakeTimers({
    now: Date.parse('2026-01-02T03:04:05Z'),
    toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'],
  });
});
afterEach(() => {
  vi.useRealTimers();
});

/** The result of a promise while fake time passes as fast as it can; what is not a timer takes its real turns. */
async function settle<T>(promise: Promise<T>): Promise<T> {
  let settled = false;
  promise.finally(() => (settled = true)).catch(() => {});
  while (!settled) {
    await vi.runAllTimersAsync();
    await new Promise(resolve => setImmediate(resolve));
  }
  return promise;
}

describe('faults on the way', () => {
  it.each<[string, Fault]>([
    ['a reset', reset],
    ['429 with Retry-After', answer(429, 'TooManyRequests', { 'retry-after': '2' })],
    ['500', answer(500, 'InternalError')],
    ['503', answer(503, 'ServiceUnavailable')],
    [
      'a cut-off body',
      () => new Response('{"metadata":{', { headers: { 'content-type': 'application/json' } }),
    ],
  ])('%s on the read and on the write: the report arrives', async (_, fault) => {
    const { faults, reporter, live } = setUp();
    faults.push(fault, () => undefined, fault);
    expect(await settle(reporter.reportStatus(status))).toMatchObject({ outcome: 'applied', requests: 4 });
    expect(live()).toMatchObject({ phase: 'Ready', message: 'All is well' });
  });

  it('a write whose answer was lost is found to have been done', async () => {
    const { api, faults, reporter, live } = setUp();
    faults.push(() => undefined, lostAnswer(api));
    expect(await settle(reporter.reportStatus(status))).toMatchObject({
      outcome: expect.stringMatching(/applied|unchanged/),
    });
    expect(live().phase).toBe('Ready');
    expect(await settle(reporter.reportStatus(status))).toMatchObject({ outcome: 'unchanged', requests: 1 });
  });

  it('conflicts without end are a conflict in the end', async () => {
    const { faults, reporter } = setUp({ totalTimeout: 10 ** 8 });
    for (let i = 0; i < 30; i++) faults.push(() => undefined, answer(409, 'Conflict'));
    await expect(settle(reporter.reportStatus(status))).rejects.toMatchObject({
      code: 'conflict',
      httpStatus: 409,
    });
  });

  it('an outage longer than totalTimeout is an error, and the next report brings the last state', async () => {
    const { faults, reporter, live } = setUp({ totalTimeout: 3_000 });
    for (let i = 0; i < 20; i++) faults.push(reset);
    await expect(settle(reporter.reportStatus(status))).rejects.toMatchObject({ code: 'unavailable' });
    faults.length = 0;
    expect(await settle(reporter.reportStatus({ ...status, message: 'later' }))).toMatchObject({
      outcome: 'applied',
    });
    expect(live().message).toBe('later');
  });

  it('no token is in any log line or error', async () => {
    const { faults, reporter, logger } = setUp({ totalTimeout: 1_000 });
    faults.push(answer(401, 'Unauthorized'), answer(401, 'Unauthorized'));
    const refused = await settle(reporter.reportStatus(status).catch(error => error));
    faults.push(reset, reset, reset, reset, reset, reset, reset, reset, reset, reset);
    const failed = await settle(reporter.reportStatus(status).catch(error => error));
    const logged = JSON.stringify(
      Object.values(logger).flatMap(log => log.mock.calls),
      (_, value) => (value instanceof Error ? `${value.stack}` : value),
    );
    expect(`${refused.stack}${failed.stack}${JSON.stringify([refused, failed])}${logged}`).not.toContain(
      secret,
    );
  });
});

describe('an invalid report', () => {
  it('is refused with every fault, before anything is sent', async () => {
    const { api, reporter } = setUp();
    const invalid = { phase: 'Fine', backendCount: -1, discoveredBackends: [{ name: 'a' }, { name: 'a' }] };
    const error: any = await reporter.reportStatus(invalid as unknown as Status).catch(error => error);
    expect(error.code).toBe('invalid_status');
    expect(error.issues.map(({ path }: any) => path.join('.'))).toEqual(
      expect.arrayContaining(['phase', 'backendCount', 'discoveredBackends.1.name']),
    );
    expect(api.requests).toEqual([]);
  });

  it('does not take the place of one that waits', async () => {
    const { faults, reporter, live } = setUp({ timeout: 1_000 });
    faults.push(silence);
    const first = reporter.reportStatus(status);
    const waiting = reporter.reportStatus({ ...status, message: 'waits' });
    await expect(reporter.reportStatus({ phase: 'Fine' as 'Ready' })).rejects.toMatchObject({
      code: 'invalid_status',
    });
    await settle(Promise.all([first, waiting]));
    expect(live().message).toBe('waits');
  });

  it('that is null or undefined is skipped', async () => {
    const { api, reporter } = setUp();
    expect(await reporter.reportStatus(null)).toEqual({ outcome: 'skipped', requests: 0, attempts: 0 });
    expect(await reporter.reportStatus(undefined)).toEqual({ outcome: 'skipped', requests: 0, attempts: 0 });
    expect(api.requests).toEqual([]);
  });
});

describe('deadlines', () => {
  it('one attempt that hangs is given up after timeout, and another one made', async () => {
    const { faults, reporter } = setUp({ timeout: 1_000 });
    faults.push(silence);
    const report = reporter.reportStatus(status);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(await report).toMatchObject({ outcome: 'applied', requests: 3 });
  });

  it('totalTimeout counts from the call, waiting for another report included', async () => {
    const { faults, reporter } = setUp({ timeout: 10_000, totalTimeout: 2_000 });
    faults.push(silence);
    const errors: Record<string, unknown> = {};
    void reporter.reportStatus(status).catch(error => (errors['first'] = error.code));
    await vi.advanceTimersByTimeAsync(1_500);
    faults.push(silence);
    void reporter
      .reportStatus({ ...status, message: 'second' })
      .catch(error => (errors['second'] = error.code));
    await vi.advanceTimersByTimeAsync(500);
    expect(errors).toEqual({ first: 'timeout' });
    await vi.advanceTimersByTimeAsync(1_500);
    expect(errors).toEqual({ first: 'timeout', second: 'timeout' });
  });

  it('an abort ends a report under way and one that waits, each by its own signal', async () => {
    const { faults, reporter, live } = setUp();
    faults.push(silence);
    const [first, second] = [new AbortController(), new AbortController()];
    const underWay = reporter.reportStatus(status, { signal: first.signal });
    const waiting = reporter.reportStatus(status, { signal: second.signal });
    const errors = Promise.allSettled([underWay, waiting]);
    second.abort(new Error('second'));
    await expect(waiting).rejects.toMatchObject({ code: 'aborted', cause: new Error('second') });
    first.abort();
    expect((await errors).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(live()?.phase).not.toBe('Ready');
  });
});

describe('start', () => {
  it('loads credentials, so that what is missing shows at once', async () => {
    const { api, reporter } = setUp({ credentials: staticCredentials({ server: 'not a url' }) });
    await expect(reporter.start()).rejects.toMatchObject({ code: 'configuration' });
    expect(api.requests).toEqual([]);
  });

  it('sends nothing', async () => {
    const { api, reporter } = setUp();
    await reporter.start();
    expect(api.requests).toEqual([]);
  });
});

describe('shutdown', () => {
  it('waits for the report under way and the one behind it', async () => {
    const { faults, reporter, live } = setUp({ timeout: 1_000 });
    const shutdown = await reporter.start();
    faults.push(silence);
    void reporter.reportStatus(status);
    const last = reporter.reportStatus({ ...status, message: 'the last one' });
    await settle(shutdown());
    expect(await last).toMatchObject({ outcome: 'applied' });
    expect(live().message).toBe('the last one');
  });

  it('delivers once more what could not be delivered', async () => {
    const { faults, reporter, live } = setUp({ totalTimeout: 1_000 });
    for (let i = 0; i < 10; i++) faults.push(reset);
    await expect(settle(reporter.reportStatus(status))).rejects.toMatchObject({ code: 'unavailable' });
    faults.length = 0;
    await settle(reporter[Symbol.asyncDispose]());
    expect(live().phase).toBe('Ready');
  });

  it('does not deliver again what a later report has replaced', async () => {
    const { api, faults, reporter } = setUp({ totalTimeout: 1_000 });
    for (let i = 0; i < 10; i++) faults.push(reset);
    await expect(settle(reporter.reportStatus(status))).rejects.toMatchObject({ code: 'unavailable' });
    faults.length = 0;
    await settle(reporter.reportStatus({ ...status, message: 'later' }));
    const before = api.requests.length;
    await settle(reporter[Symbol.asyncDispose]());
    expect(api.requests.length).toBe(before);
  });

  it('ends within its deadline although the API server does not answer', async () => {
    const { faults, reporter } = setUp({ timeout: 60_000, totalTimeout: 60_000, shutdownTimeout: 2_000 });
    faults.push(silence);
    const report = reporter.reportStatus(status).catch(error => error);
    const closed = reporter[Symbol.asyncDispose]().catch(error => error);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await closed).toMatchObject({ code: 'timeout' });
    expect(await report).toMatchObject({ code: 'closed' });
  });

  it('happens once, and afterwards nothing is reported', async () => {
    const { api, reporter, live } = setUp({ onShutdown: { phase: 'Failed', message: 'stopped' } });
    const shutdown = await reporter.start();
    await settle(reporter.reportStatus(status));
    const first = shutdown();
    expect(shutdown()).toBe(first);
    await settle(first);
    expect(live()).toMatchObject({ phase: 'Failed', message: 'stopped' });
    const before = api.requests.length;
    await expect(reporter.reportStatus(status)).rejects.toMatchObject({ code: 'closed' });
    await expect(reporter.start()).rejects.toMatchObject({ code: 'closed' });
    expect(api.requests.length).toBe(before);
  });

  it('drops the final status where another writer was first', async () => {
    const { api, reporter, live } = setUp({ onShutdown: { phase: 'Failed' } });
    await settle(reporter.reportStatus(status));
    const other = new K8sReporter({
      namespace: 'ns',
      name: 'demo',
      credentials: staticCredentials({ server: api.server }),
      fetch: (url, init) => api.fetch(url, init),
    });
    await settle(other.reportStatus({ ...status, message: 'the successor' }));
    await settle(reporter[Symbol.asyncDispose]());
    expect(live()).toMatchObject({ phase: 'Ready', message: 'the successor' });
  });
});
