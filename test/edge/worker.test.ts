import { beforeEach, describe, expect, it, vi } from 'vitest';
import worker, { StatusDelivery, StatusIndex } from '../../src/entry/workers.ts';
import { createFakeApiServer } from '../../src/testing/index.ts';
import { createObjects } from './platform.ts';

const path = '/v1/namespaces/default/virtualmcpservers/demo/status';

/** A Worker whose binding leads to a fake API server. */
function deployed(variables: object = { SERVICE_TOKEN: 's3cret' }) {
  const api = createFakeApiServer({
    objects: [{ namespace: 'default', name: 'demo' }],
    tokens: {
      'cluster-token': { user: 'reporter', groups: ['system:masters'] },
      'gateway-token': { user: 'gateway', groups: ['system:masters'] },
      'stranger-token': { user: 'stranger' },
    },
  });
  const env: Record<string, unknown> = {
    VMCP_KUBERNETES_SERVER: 'https://kubernetes.internal',
    VMCP_KUBERNETES_TOKEN: 'cluster-token',
    API_SERVER: { fetch: api.fetch },
    ...variables,
  };
  const deliveries = createObjects(state => new StatusDelivery(state, env));
  env['STATUS_DELIVERY'] = deliveries;
  env['STATUS_INDEX'] = createObjects(state => new StatusIndex(state, env));
  const send = (
    method: string,
    where: string,
    token?: string,
    more: { body?: string; headers?: object } = {},
  ) =>
    worker.fetch(
      new Request(`https://status.example.com${where}`, {
        method,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(more.body !== undefined && { 'content-type': 'application/json' }),
          ...more.headers,
        },
        ...(more.body !== undefined && { body: more.body }),
      }),
      env,
    );
  const put = (token?: string, headers: object = {}) =>
    send('PUT', path, token, { body: '{"phase":"Ready"}', headers });
  return { api, deliveries, send, put };
}

// Requests and what is refused are logged.
beforeEach(() => {
  for (const level of ['info', 'warn', 'error'] as const) vi.spyOn(console, level).mockReturnValue();
});

describe('the Worker', () => {
  it('accepts through the object of the resource, and delivers through its binding', async () => {
    const { api, deliveries, put, send } = deployed();
    const accepted = await put('s3cret', { prefer: 'respond-async' });
    expect(accepted.status).toBe(202);
    expect(api.get('default', 'demo')?.status).toBeUndefined();
    const location = accepted.headers.get('location')!;
    expect(await (await send('GET', location, 's3cret')).json()).toMatchObject({ state: 'pending' });
    await deliveries.ring();
    expect(api.get('default', 'demo')?.status).toMatchObject({ phase: 'Ready' });
    expect(await (await send('GET', location, 's3cret')).json()).toMatchObject({
      state: 'delivered',
      outcome: 'applied',
      attempts: 1,
    });
    expect(deliveries.names).toStrictEqual(['default/demo']);
  });

  it('waits for the delivery where the caller does', async () => {
    const { deliveries, put } = deployed();
    const answer = put('s3cret');
    const ring = async () => {
      await deliveries.ring();
      return Promise.race([answer.then(() => 'answered'), new Promise(resolve => setTimeout(resolve, 10))]);
    };
    await expect.poll(ring).toBe('answered');
    expect(await (await answer).json()).toMatchObject({ outcome: 'applied' });
  });

  it.each([undefined, 'wrong', ' '])('refuses the token %j, and nothing reaches anybody', async token => {
    const { api, deliveries, put } = deployed();
    const answer = await put(token);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(await answer.json()).toMatchObject({ code: 'unauthenticated' });
    expect(api.requests).toStrictEqual([]);
    expect(deliveries.names).toStrictEqual([]);
  });

  it.each([
    {},
    { SERVICE_TOKEN: '' },
    { VMCP_STATUS_AUTH: 'nobody', SERVICE_TOKEN: 's3cret' },
    { VMCP_STATUS_AUTH: 'token', SERVICE_TOKEN: 's3cret' },
    { VMCP_STATUS_AUTH: 'jwt', VMCP_STATUS_RULES: '{}', SERVICE_TOKEN: 's3cret' },
  ])('lets nobody report where its variables do not say who may: %j', async variables => {
    const { api, put } = deployed(variables);
    expect((await put('s3cret')).status).toBe(503);
    expect((await put('undefined')).status).toBe(503);
    expect(api.requests).toStrictEqual([]);
  });

  it.each([
    [{ VMCP_KUBERNETES_SERVER: '', VMCP_KUBECONFIG: '{}' }, /reads no kubeconfig/],
    [{ VMCP_KUBERNETES_CA: 'PEM', API_SERVER: undefined }, /bind API_SERVER/],
  ])('says what it cannot use: %j', async (variables, why) => {
    const { deliveries, put, send } = deployed({ SERVICE_TOKEN: 's3cret', ...variables });
    const { location } = Object.fromEntries((await put('s3cret', { prefer: 'respond-async' })).headers);
    await deliveries.ring();
    expect(await (await send('GET', location!, 's3cret')).json()).toMatchObject({
      state: 'pending',
      error: { code: 'configuration' },
    });
    const logged = vi
      .mocked(console.warn)
      .mock.calls.map(([, fields]) => String((fields as { error: Error }).error));
    expect(logged).toContainEqual(expect.stringMatching(why));
  });

  it('knows callers by secrets of their own, each with its targets', async () => {
    const tokens = JSON.stringify([{ name: 'edge', token: 'elsewhere', targets: ['prod/*'] }]);
    const { put } = deployed({ VMCP_STATUS_TOKENS: tokens });
    expect((await put('elsewhere', { prefer: 'respond-async' })).status).toBe(403);
    expect((await put('unknown')).status).toBe(401);
  });

  it('tells everybody that it is there', async () => {
    const { send } = deployed();
    expect(await (await send('GET', '/healthz')).text()).toBe('ok');
  });

  it('says what it is ready for', async () => {
    const text = await (await deployed().send('GET', '/readyz?verbose')).text();
    expect(text).toContain('[+]api-server ok');
    expect(text).toContain('[+]index ok');
  });

  it('says which binding is missing', async () => {
    const request = new Request('https://status.example.com/v1/virtualmcpservers', {
      headers: { authorization: 'Bearer s3cret' },
    });
    expect((await worker.fetch(request, { SERVICE_TOKEN: 's3cret' })).status).toBe(503);
    const logged = JSON.stringify(vi.mocked(console.error).mock.calls, (_, value) => value?.message ?? value);
    expect(logged).toContain('STATUS_INDEX');
  });

  it('shows and counts what all objects did', async () => {
    const { deliveries, put, send } = deployed();
    await put('s3cret', { prefer: 'respond-async' });
    await deliveries.ring();
    expect(await (await send('GET', '/v1/virtualmcpservers', 's3cret')).json()).toMatchObject({
      items: [
        { namespace: 'default', name: 'demo', status: { phase: 'Ready' }, delivery: { state: 'delivered' } },
      ],
    });
    const metrics = await (await send('GET', '/metrics', 's3cret')).text();
    expect(metrics).toContain('vmcp_status_reporter_reports_total{outcome="applied"} 1\n');
    expect(metrics).toMatch(/vmcp_status_reporter_api_requests_total\{verb="patch",code="200"\} 1\n/);
    expect(metrics).toMatch(
      /last_successful_delivery_timestamp_seconds\{namespace="default",name="demo"\} \d/,
    );
  });
});

describe('the Worker with callers that bring their own credential', () => {
  const passthrough = { VMCP_STATUS_AUTH: 'passthrough' };

  it('delivers before it answers, also to who would not wait: the token is not kept for later', async () => {
    const { api, deliveries, put, send } = deployed(passthrough);
    const answer = await put('gateway-token', { prefer: 'respond-async' });
    expect(answer.status).toBe(202);
    expect(await answer.json()).toMatchObject({ state: 'delivered', outcome: 'applied' });
    expect(api.requests.filter(({ method }) => method === 'PATCH').map(({ user }) => user)).toStrictEqual([
      'gateway',
    ]);
    const location = answer.headers.get('location')!;
    expect(await (await send('GET', location, 'gateway-token')).json()).toMatchObject({ state: 'delivered' });
    expect(deliveries.names).toStrictEqual([expect.stringMatching(/^default\/demo\/[0-9a-f]{32}$/)]);
  });

  it('keeps callers apart', async () => {
    const { deliveries, put } = deployed(passthrough);
    await put('gateway-token');
    await put('cluster-token');
    expect(new Set(deliveries.names).size).toBe(2);
  });

  it('says at once what failed, and does not try again', async () => {
    const { api, deliveries, put } = deployed(passthrough);
    expect((await put('stranger-token')).status).toBe(403);
    api.delete('default', 'demo');
    const answer = await put('gateway-token');
    expect(answer.status).toBe(404);
    api.clearRequests();
    await deliveries.ring();
    expect(api.requests).toStrictEqual([]);
  });
});
