import { describe, expect, it } from 'vitest';
import { StatusReporterError } from '../../src/errors.ts';
import { createMetrics } from '../../src/http/metrics/metrics.ts';
import type { Authenticate, Caller, Verb } from '../../src/http/model.ts';
import { ProblemError } from '../../src/http/problem.ts';
import { type Behaviour, json, path, serviceOf } from './stub.ts';

const resource = path.replace('/status', '');

/** Knows callers by their name; `may` says what they may do. */
function guarded(may: Partial<Record<Verb, boolean>>, behaviour: Behaviour = {}, more: Partial<Caller> = {}) {
  const authenticate: Authenticate = request => {
    const name = request.headers.get('authorization');
    if (name === null)
      throw new ProblemError('unauthenticated', 'Who are you?', { 'www-authenticate': 'Bearer' });
    return {
      name,
      partition: 'service',
      may: async (verb, { namespace }) => namespace === 'default' && (may[verb] ?? false),
      ...more,
    };
  };
  const metrics = createMetrics();
  const service = serviceOf({ ...behaviour, app: { authenticate, metrics, ...behaviour.app } });
  const headers = { ...json, authorization: 'gateway' };
  return {
    ...service,
    get: (target: string) => service.app.request(target, { headers }),
    put: (body: unknown, target = path) => service.put(body, headers, target),
    post: (target: string, body: unknown) => service.post(target, body, headers),
  };
}

const known = ['/', '/page/events', '/metrics', '/v1/virtualmcpservers', '/v1/events', path, '/v1/nowhere'];

describe('who is not known', () => {
  it.each(known)('gets 401 at %s and is told how', async target => {
    const answer = await guarded({}).app.request(target);
    expect([answer.status, (await answer.json()).code]).toStrictEqual([401, 'unauthenticated']);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each(['/healthz', '/livez', '/readyz', '/openapi.json', '/docs'])('may read %s', async target => {
    expect((await guarded({}).app.request(target)).status).toBe(200);
  });
});

describe('who may not report', () => {
  it('gets 403 before the body is read, and nothing is reported', async () => {
    const { put, post, reported } = guarded({ read: true });
    for (const answer of [await put('{'), await post(`${resource}/backends`, { backends: [] })]) {
      expect([answer.status, (await answer.json()).code]).toStrictEqual([403, 'forbidden']);
    }
    expect(reported).toStrictEqual([]);
  });

  it('may be one who may do so elsewhere', async () => {
    const { put } = guarded({ report: true });
    expect((await put({ phase: 'Ready' })).status).toBe(200);
    const elsewhere = '/v1/namespaces/kube-system/virtualmcpservers/demo/status';
    expect((await put({ phase: 'Ready' }, elsewhere)).status).toBe(403);
  });
});

describe('who may not read', () => {
  it('gets 403 for a status', async () => {
    const { get } = guarded({ report: true });
    expect((await get(path)).status).toBe(403);
  });

  it('still follows the deliveries of what it may report', async () => {
    const { get, put, store } = guarded({ report: true });
    await put({ phase: 'Ready' });
    const { id } = store.list()[0]!.delivery;
    expect(await (await get(`${resource}/deliveries/${id}`)).json()).toMatchObject({ state: 'delivered' });
    expect((await guarded({}).get(`${resource}/deliveries/${id}`)).status).toBe(403);
  });

  it('finds nothing of others in the list, the page and the metrics', async () => {
    const { get, store, dispatcher } = guarded({ read: true });
    const everybody: Caller = { name: 'x', partition: 'service', may: () => true };
    for (const namespace of ['default', 'secret-namespace']) {
      const target = { namespace, name: 'demo' };
      await dispatcher.submit({ target, status: { phase: 'Ready' }, observedAt: 0 }, everybody);
    }
    expect(store.list()).toHaveLength(2);
    for (const shown of ['/v1/virtualmcpservers', '/', '/metrics']) {
      const text = await (await get(shown)).text();
      expect(text, shown).toContain('default');
      expect(text, shown).not.toContain('secret-namespace');
    }
  });
});

describe("a caller with the API server's own credential", () => {
  it('is told 401 where the API server does not know it: that is not the fault of the service', async () => {
    const unauthorized = () => Promise.reject(new StatusReporterError('unauthorized', 'no'));
    const credentials = { source: 'a test', access: async () => ({ server: 'https://api.test' }) };
    const behaviour = { report: unauthorized, read: unauthorized };
    const { put, get } = guarded({ report: true, read: true }, behaviour, { credentials });
    for (const answer of [await put({ phase: 'Ready' }), await get(path)]) {
      expect([answer.status, (await answer.json()).code]).toStrictEqual([401, 'unauthenticated']);
      expect(answer.headers.get('www-authenticate')).toContain('invalid_token');
    }
    const service = guarded({ report: true }, behaviour);
    expect((await service.put({ phase: 'Ready' })).status).toBe(502);
  });
});

describe('the log', () => {
  it('has one line for each request: what, how it ended, how long it took, who', async () => {
    const { put, get, logged } = guarded({ report: true });
    const began = performance.now();
    await put({ phase: 'Ready' });
    await get('/healthz');
    await get('/v1/virtualmcpservers?token=geheim');
    const lines = logged.map(line => /^(\w+) (\w+ [^:]+: \d+) (.*)$/.exec(line)!);
    expect(lines.map(([, level, message]) => [level, message])).toStrictEqual([
      ['info', `PUT ${path}: 200`],
      ['debug', 'GET /healthz: 200'],
      ['info', 'GET /v1/virtualmcpservers: 200'],
    ]);
    expect(JSON.parse(lines[0]![3]!)).toStrictEqual({
      requestId: expect.any(String),
      method: 'PUT',
      path,
      status: 200,
      duration: expect.any(Number),
      caller: 'gateway',
    });
    expect(JSON.parse(lines[0]![3]!).duration).toBeLessThanOrEqual(performance.now() - began + 1);
    expect(logged.join()).not.toContain('geheim');
  });
});
