import { beforeEach, describe, expect, it, vi } from 'vitest';
import worker from '../../src/entry/workers.ts';
import { createFakeApiServer } from '../../src/testing/index.ts';

const url = 'https://status.example.com/v1/namespaces/default/virtualmcpservers/demo/status';

/** A Worker whose binding leads to a fake API server. */
function deployed(secrets: object = { SERVICE_TOKEN: 's3cret' }) {
  const api = createFakeApiServer({
    objects: [{ namespace: 'default', name: 'demo' }],
    tokens: { 'cluster-token': { user: 'reporter', groups: ['system:masters'] } },
  });
  const env = {
    VMCP_KUBERNETES_SERVER: 'https://kubernetes.internal',
    VMCP_KUBERNETES_TOKEN: 'cluster-token',
    API_SERVER: { fetch: api.fetch as typeof fetch },
    ...secrets,
  };
  const put = (headers: Record<string, string>) =>
    worker.fetch(
      new Request(url, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{"phase":"Ready"}',
      }),
      env,
    );
  return { api, env, put };
}

// What it refuses it logs.
beforeEach(() => void vi.spyOn(console, 'error').mockReturnValue());

describe('the Worker', () => {
  it('reports through its binding for who knows the secret', async () => {
    const { api, put } = deployed();
    const answer = await put({ authorization: 'Bearer s3cret' });
    expect(await answer.json()).toMatchObject({ outcome: 'applied' });
    expect(api.get('default', 'demo')?.status).toMatchObject({ phase: 'Ready' });
    expect(await (await put({ authorization: 'bearer s3cret' })).json()).toMatchObject({
      outcome: 'unchanged',
    });
  });

  it.each([
    {},
    { authorization: 'Bearer wrong' },
    { authorization: 'Basic s3cret' },
    { authorization: 'Bearer ' },
  ])('refuses %j, and nothing reaches the API server', async headers => {
    const { api, put } = deployed();
    const answer = await put(headers as Record<string, string>);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(await answer.json()).toMatchObject({ code: 'unauthenticated' });
    expect(api.requests).toStrictEqual([]);
  });

  it('lets nobody report where there is no secret', async () => {
    const { api, put } = deployed({});
    expect((await put({ authorization: 'Bearer undefined' })).status).toBe(503);
    expect((await deployed({ SERVICE_TOKEN: '' }).put({ authorization: 'Bearer ' })).status).toBe(503);
    expect(api.requests).toStrictEqual([]);
  });

  it('tells everybody that it is there', async () => {
    const { env } = deployed();
    expect(await (await worker.fetch(new Request('https://status.example.com/healthz'), env)).text()).toBe(
      'ok',
    );
  });
});
