import { describe, expect, it } from 'vitest';
import { StatusReporterError } from '../../src/errors.ts';
import type { ReportResult } from '../../src/reporter/reporter.ts';
import type { Status } from '../../src/status/types.ts';
import { applied, json, path, serviceOf } from './stub.ts';

const resource = path.replace('/status', '');
const now = Date.parse('2026-11-22T10:00:00Z');

/** A service at a standing time whose deliveries end when a test says. */
function service() {
  const end = Promise.withResolvers<ReportResult>();
  return { end, ...serviceOf({ report: () => end.promise, app: { now: () => now } }) };
}

const asynchronous = { ...json, prefer: 'respond-async' };

describe('a caller that prefers not to wait', () => {
  it('gets 202 and where the delivery can be followed to its end', async () => {
    const { app, put, end } = service();
    const answer = await put({ phase: 'Ready' }, asynchronous);
    expect(answer.status).toBe(202);
    expect(answer.headers.get('preference-applied')).toBe('respond-async');
    const pending = await answer.json();
    expect(pending).toMatchObject({ state: 'pending', attempts: 0 });
    const location = answer.headers.get('location')!;
    expect(location).toBe(`${resource}/deliveries/${pending.id}`);
    expect(await (await app.request(location)).json()).toStrictEqual(pending);
    end.resolve(applied);
    await end.promise;
    expect(await (await app.request(location)).json()).toMatchObject({
      id: pending.id,
      state: 'delivered',
      outcome: 'applied',
      result: applied,
    });
  });

  it('reads why its report could not be delivered; the log knows more', async () => {
    const { app, put, end, logged } = service();
    const location = (await put({ phase: 'Ready' }, asynchronous)).headers.get('location')!;
    end.reject(new StatusReporterError('tls', 'certificate of 10.0.0.1 is not trusted'));
    await end.promise.catch(() => {});
    expect(await (await app.request(location)).json()).toMatchObject({
      state: 'failed',
      error: { code: 'tls', detail: 'No trusted connection to the API server could be made.' },
    });
    expect(logged.filter(line => line.startsWith('warn'))).toStrictEqual([
      expect.stringMatching(/^warn An accepted report could not be delivered .*"delivery":".*10\.0\.0\.1/),
    ]);
  });

  it.each(['respond-async, wait=10', 'handling=lenient,Respond-Async', 'respond-async; x=1'])(
    'may say so as %s',
    async prefer => {
      expect((await service().put({ phase: 'Ready' }, { ...json, prefer })).status).toBe(202);
    },
  );

  it.each(['respond-asynchronously', 'wait=10', 'return=minimal'])('does not say so by %s', async prefer => {
    const answer = await serviceOf().put({ phase: 'Ready' }, { ...json, prefer });
    expect([answer.status, answer.headers.get('preference-applied')]).toStrictEqual([200, null]);
  });

  it('asks in vain for a delivery that nobody knows, or of another resource', async () => {
    const { app, put } = service();
    const location = (await put({ phase: 'Ready' }, asynchronous)).headers.get('location')!;
    for (const wrong of [`${resource}/deliveries/7`, location.replace('/demo/', '/other/')]) {
      const answer = await app.request(wrong);
      expect([answer.status, (await answer.json()).code]).toStrictEqual([404, 'not_found']);
    }
  });
});

describe('late arrivals', () => {
  const at = (second: number) => ({
    phase: 'Ready',
    timestamp: new Date(now + second * 1000).toISOString(),
  });
  const by = (instance: string) => ({ ...json, 'reporter-instance': instance });

  it('are refused with 409 within one instance of the reporter', async () => {
    const { put, reported } = serviceOf({ app: { now: () => now } });
    expect((await put(at(-10), by('pod-1'))).status).toBe(200);
    const late = await put(at(-11), by('pod-1'));
    expect([late.status, (await late.json()).code]).toStrictEqual([409, 'stale']);
    expect((await put(at(-10), by('pod-1'))).status).toBe(200);
    expect((await put(at(-60), by('pod-2'))).status).toBe(200);
    expect((await put(at(-12), by('pod-1'))).status).toBe(409);
    expect(reported).toHaveLength(3);
  });

  it('are those without a timestamp by their arrival', async () => {
    const { put } = serviceOf({ app: { now: () => now } });
    expect((await put({ phase: 'Ready' })).status).toBe(200);
    expect((await put(at(-1))).status).toBe(409);
    expect((await put({ phase: 'Ready' })).status).toBe(200);
  });

  it('cannot be made of all others by a date far ahead: 422', async () => {
    const { put } = serviceOf({ app: { now: () => now } });
    const answer = await put(at(61));
    expect([answer.status, (await answer.json()).issues]).toStrictEqual([
      422,
      [{ path: '/timestamp', message: expect.stringContaining('at most 60 s after') }],
    ]);
    expect((await put(at(60))).status).toBe(200);
  });

  it.each(['a', '!'.repeat(128)])('may be told for the instance %j', async name => {
    expect((await serviceOf().put({ phase: 'Ready' }, by(name))).status).toBe(200);
  });

  it.each(['', 'two words', 'x'.repeat(129), 'ümlaut'])(
    'cannot be told for the instance %j: 400',
    async name => {
      const { put, reported } = serviceOf();
      const answer = await put({ phase: 'Ready' }, by(name));
      expect([answer.status, (await answer.json()).code]).toStrictEqual([400, 'malformed']);
      expect(reported).toStrictEqual([]);
    },
  );
});

describe('a report after another', () => {
  /** So many that it pays to compare them. */
  const others = Array.from({ length: 16 }, (_, index) => ({
    name: `other-${index}`,
    status: 'ready',
    message: 'Answers its health checks',
  }));

  it('hands on the very backends that did not change, and those of no other resource', async () => {
    const { put, reported, app } = serviceOf();
    const report = (message: string) => ({
      phase: 'Ready',
      discoveredBackends: [
        { name: 'a', url: 'https://a.example', status: 'ready' },
        { name: 'b', url: 'https://b.example', status: 'ready', message },
        ...others,
      ],
    });
    await put(report('one'));
    await put(report('two'));
    await app.request(path.replace('demo', 'other'), {
      method: 'PUT',
      headers: json,
      body: JSON.stringify(report('two')),
    });
    const [first, second, other] = reported.map(({ status }) => status!.discoveredBackends!);
    expect(second![0]).toBe(first![0]);
    expect(second![1]).toMatchObject({ name: 'b', message: 'two' });
    expect(other).toStrictEqual(second);
    expect(other![0]).not.toBe(first![0]);
  });

  it('is checked whole where the one before came from elsewhere', async () => {
    const { put, post, dispatcher } = serviceOf();
    const target = { namespace: 'default', name: 'demo' };
    const caller = { name: 'anybody', partition: 'service', may: () => true };
    const status = {
      phase: 'Ready',
      discoveredBackends: [{ name: 'a', status: 5 }, ...others],
    } as unknown as Status;
    await dispatcher.submit({ target, status, observedAt: 0 }, caller);
    expect((await put(status)).status).toBe(422);

    await post(`${resource}/backends`, { backends: others.map(({ name }) => ({ name, health: 'healthy' })) });
    expect((await put({ phase: 'Ready', discoveredBackends: others })).status).toBe(200);
    const wrong = [{ ...others[0], consecutiveFailures: -1 }, ...others.slice(1)];
    expect((await put({ phase: 'Ready', discoveredBackends: wrong })).status).toBe(422);
  });
});

describe('the health of backends', () => {
  const backends = [
    { name: 'github', health: 'healthy' },
    { name: 'jira', health: 'unhealthy', error: 'connect ECONNREFUSED 10.0.0.1' },
  ];

  it('becomes a status, which is reported', async () => {
    const { post, reported } = serviceOf();
    const timestamp = '2026-11-22T09:59:00Z';
    const answer = await post(`${resource}/backends`, { backends, configuredCount: 3, timestamp });
    expect(await answer.json()).toStrictEqual(applied);
    expect(reported).toMatchObject([
      {
        target: 'default/demo',
        status: {
          phase: 'Degraded',
          backendCount: 1,
          discoveredBackends: [
            { name: 'github', status: 'ready' },
            { name: 'jira', status: 'unavailable' },
          ],
          conditions: [
            { type: 'Ready', status: 'False' },
            { type: 'BackendsDiscovered', message: '3 backends found' },
          ],
          timestamp,
        },
      },
    ]);
    expect(JSON.stringify(reported)).not.toContain('10.0.0.1');
  });

  it('is as old as its timestamp', async () => {
    const { post, put } = serviceOf({ app: { now: () => now } });
    const later = '2026-11-22T10:00:00Z';
    await put({ phase: 'Ready', timestamp: later });
    const answer = await post(`${resource}/backends`, { backends, timestamp: '2026-11-22T09:59:59Z' });
    expect(answer.status).toBe(409);
  });

  it('may be reported without waiting', async () => {
    const answer = await serviceOf().post(`${resource}/backends`, { backends }, asynchronous);
    expect([answer.status, await answer.json()]).toMatchObject([202, { state: 'pending' }]);
  });

  it.each([
    [{}, '/backends'],
    [{ backends: 'all' }, '/backends'],
    [{ backends: [{ name: 'a', health: 'fine' }] }, '/backends/0/health'],
    [{ backends: [...backends, backends[0]] }, '/backends/2/name'],
    [{ backends, configuredCount: -1 }, '/configuredCount'],
    [{ backends, timestamp: 'now' }, '/timestamp'],
    [{ backends, more: 1 }, '/more'],
    [[], ''],
  ])('is refused with a path for each fault: %j', async (body, at) => {
    const { post, reported } = serviceOf();
    const answer = await post(`${resource}/backends`, body);
    expect(answer.status).toBe(422);
    expect((await answer.json()).issues.map(({ path }: { path: string }) => path)).toStrictEqual([at]);
    expect(reported).toStrictEqual([]);
  });
});
