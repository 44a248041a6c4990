import { setupServer } from 'msw/node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { throttle, withFaults } from '../../src/testing/index.ts';
import { fakeApiHandlers } from '../../src/testing/msw.ts';
import { createApi, objectPath } from './support.ts';

const server = setupServer();

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));
beforeEach(() => server.resetHandlers());
afterAll(() => server.close());

describe('MSW handlers', () => {
  it('answer the global fetch, reads and writes alike', async () => {
    const api = createApi();
    server.use(...fakeApiHandlers(api));
    const answer = await fetch(`${api.server}${objectPath}/status?fieldManager=x`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({ status: { phase: 'Ready' } }),
    });
    expect(await answer.json()).toMatchObject({ status: { phase: 'Ready' } });
    expect(api.get('ns', 'demo')?.status).toEqual({ phase: 'Ready' });
    expect(api.requests).toHaveLength(1);
  });

  it('keep to the server’s base URL, prefix included', async () => {
    const api = createApi({ server: 'https://rancher.test', pathPrefix: '/k8s/clusters/c1' });
    server.use(...fakeApiHandlers(api));
    expect((await fetch(`${api.server}${objectPath}`)).status).toBe(200);
    await expect(fetch(`https://rancher.test${objectPath}`)).rejects.toThrow();
  });

  it('take faults', async () => {
    const api = createApi();
    server.use(...fakeApiHandlers(api, { fetch: withFaults(api.fetch, throttle()) }));
    expect((await fetch(`${api.server}${objectPath}`)).status).toBe(429);
  });
});
