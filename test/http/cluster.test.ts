import { describe, expect, it } from 'vitest';
import { staticCredentials } from '../../src/credentials/static.ts';
import { createApp, createDispatcher, createMemoryStore, type Target } from '../../src/http/app.ts';
import { K8sReporter } from '../../src/reporter/kubernetes.ts';
import { createFakeApiServer, type FakeApiServerOptions } from '../../src/testing/index.ts';

const path = '/v1/namespaces/default/virtualmcpservers/demo/status';
const token = 'gateway-token';
const user = 'system:serviceaccount:default:gateway';

/** The service in front of a fake cluster where the gateway's identity has the operator's RBAC. */
function service(options: FakeApiServerOptions = {}) {
  const api = createFakeApiServer({
    objects: [
      { namespace: 'default', name: 'demo', status: { url: 'https://demo.example.com', phase: 'Pending' } },
    ],
    tokens: { [token]: { user } },
    rules: [
      { user, namespace: 'default', resources: ['virtualmcpservers'], verbs: ['get'] },
      { user, namespace: 'default', resources: ['virtualmcpservers/status'], verbs: ['update', 'patch'] },
    ],
    ...options,
  });
  const credentials = staticCredentials({ server: api.server, token });
  const settings = { credentials, fetch: api.fetch };
  const store = createMemoryStore();
  const create = (target: Target) => new K8sReporter({ ...settings, ...target });
  const dispatcher = createDispatcher({ store, create });
  const app = createApp({ dispatcher, store });
  const put = (status: object, target = path) =>
    app.request(target, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(status),
    });
  return { api, app, put, dispatcher };
}

describe('the service in front of a cluster', () => {
  it('writes what is reported, reads what is there, and keeps what others wrote', async () => {
    const { app, put, api } = service();
    expect(await (await put({ phase: 'Ready', discoveredBackends: [{ name: 'a' }] })).json()).toMatchObject({
      outcome: 'applied',
      generation: 1,
    });
    const answer = await (await app.request(path)).json();
    expect(answer).toStrictEqual({
      namespace: 'default',
      name: 'demo',
      generation: 1,
      resourceVersion: api.get('default', 'demo')?.metadata.resourceVersion,
      status: {
        phase: 'Ready',
        message: '',
        url: 'https://demo.example.com',
        discoveredBackends: [{ name: 'a' }],
        observedGeneration: 1,
      },
    });
  });

  it('keeps one reporter for a resource: the second report of the same costs one read', async () => {
    const { put } = service();
    await put({ phase: 'Ready' });
    expect(await (await put({ phase: 'Ready' })).json()).toMatchObject({ outcome: 'unchanged', requests: 1 });
  });

  it.each([
    [
      'a resource that is not there',
      '/v1/namespaces/default/virtualmcpservers/other/status',
      404,
      'not_found',
    ],
    [
      'a namespace without the right',
      '/v1/namespaces/kube-system/virtualmcpservers/demo/status',
      403,
      'forbidden',
    ],
  ])('answers for %s', async (_, target, status, code) => {
    const { app, put } = service();
    for (const answer of [await put({ phase: 'Ready' }, target), await app.request(target)]) {
      expect(answer.status).toBe(status);
      expect(await answer.json()).toMatchObject({ code, status });
    }
  });

  it('answers 502 where the API server refuses its own credential', async () => {
    const answer = await service({ tokens: {} }).put({ phase: 'Ready' });
    expect(answer.status).toBe(502);
    expect(await answer.json()).toMatchObject({ code: 'unauthorized' });
  });

  it('refuses an invalid report without asking the API server anything', async () => {
    const { put, api } = service();
    expect((await put({ phase: 'Ready', backendCount: -1 })).status).toBe(422);
    expect(api.requests).toStrictEqual([]);
  });

  it('delivers what is under way when it closes, and then takes no more', async () => {
    const { put, api, dispatcher } = service();
    const answer = put({ phase: 'Ready' });
    await Promise.resolve();
    while (dispatcher.reporters === 0) await new Promise(resolve => setImmediate(resolve));
    await dispatcher.close();
    expect(await (await answer).json()).toMatchObject({ outcome: 'applied' });
    expect(api.get('default', 'demo')?.status).toMatchObject({ phase: 'Ready' });
    const late = await put({ phase: 'Failed' });
    expect([late.status, late.headers.get('retry-after')]).toStrictEqual([503, '5']);
  });
});
