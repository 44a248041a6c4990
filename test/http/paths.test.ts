import { hc, parseResponse } from 'hono/client';
import { describe, expect, it } from 'vitest';
import type { AppType } from '../../src/http/app.ts';
import { path, problemOf, serviceOf } from './stub.ts';

describe('paths', () => {
  const status = async (target: string) => (await serviceOf().app.request(target)).status;

  it('answers 404 where there is nothing', async () => {
    const answer = await serviceOf().app.request('/v1/nowhere');
    expect(answer.status).toBe(404);
    expect(await problemOf(answer)).toMatchObject({ code: 'not_found' });
  });

  it.each(['POST', 'PATCH', 'DELETE'])('answers 405 to %s and names what is allowed', async method => {
    const answer = await serviceOf().app.request(path, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD, PUT');
    expect(await problemOf(answer)).toMatchObject({ code: 'method_not_allowed' });
  });

  it.each([
    ['Default', 'demo'],
    ['a.b', 'demo'],
    ['a'.repeat(64), 'demo'],
    ['-a', 'demo'],
    ['default', 'Demo'],
    ['default', 'a..b'],
    ['default', 'a'.repeat(254)],
    ['default', 'a_b'],
  ])('answers 400 to namespace %s, name %s', async (namespace, name) => {
    expect(await status(`/v1/namespaces/${namespace}/virtualmcpservers/${name}/status`)).toBe(400);
  });

  it('takes a name with points', async () => {
    expect(await status('/v1/namespaces/team-1/virtualmcpservers/a.b-c.d/status')).toBe(200);
  });

  it.each([
    '/v1/namespaces/..%2fkube-system/virtualmcpservers/demo/status',
    '/v1/namespaces/default/virtualmcpservers/demo%00/status',
    '/v1/namespaces/default/virtualmcpservers/demo%2Fstatus',
    '/v1/namespaces/default/virtualmcpservers/de%6do/status',
    '/v1//namespaces/default/virtualmcpservers/demo/status',
    '/%',
  ])('refuses %s', async raw => expect(await status(raw)).toBe(400));

  it('refuses dot segments in the request line, though the parsed URL has none', async () => {
    const { app } = serviceOf();
    const send = (rawPath: string) =>
      app.fetch(new Request(`http://localhost${path}`), { incoming: { url: rawPath } });
    expect((await send(path)).status).toBe(200);
    expect((await send(`${path}?a=%2e%2e`)).status).toBe(200);
    for (const raw of [
      '/v1/x/../namespaces/default/virtualmcpservers/demo/status',
      '/./v1',
      '\\v1',
      `http://x${path}`,
    ]) {
      expect((await send(raw)).status).toBe(400);
    }
  });
});

describe('every answer', () => {
  it('carries an id, takes over one that is harmless, and is neither cached, sniffed nor framed', async () => {
    const { app } = serviceOf();
    for (const target of ['/healthz', path, '/nowhere', '/%']) {
      const { headers } = await app.request(target, { headers: { 'x-request-id': 'abc-1' } });
      expect(Object.fromEntries(headers), target).toMatchObject({
        'x-request-id': 'abc-1',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'content-security-policy':
          "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      });
    }
    const { headers } = await app.request('/healthz', { headers: { 'x-request-id': 'a b' } });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('of /healthz is ok', async () => {
    expect(await (await serviceOf().app.request('/healthz')).text()).toBe('ok');
  });
});

describe("Hono's client", () => {
  it('knows the routes, what they take and what they answer', async () => {
    const { app } = serviceOf();
    const client = hc<AppType>('http://localhost', { fetch: app.request });
    const resource = client.v1.namespaces[':namespace'].virtualmcpservers[':name'].status;
    const param = { namespace: 'default', name: 'demo' };
    const put = await parseResponse(resource.$put({ param, json: { phase: 'Ready' } }));
    expect(put).toMatchObject({ outcome: 'applied' });
    expect((await parseResponse(resource.$get({ param }))).resourceVersion).toBe('7');
    const refused = await resource.$put({ param, json: { phase: 'Ready', backendCount: -1 } });
    if (refused.status !== 422) throw new Error(`A 422 was expected, not ${refused.status}`);
    expect((await refused.json()).issues?.map(({ path }) => path)).toStrictEqual(['/backendCount']);
  });
});
