import { describe, expect, it } from 'vitest';
import { staticCredentials } from '../../src/credentials/static.ts';
import {
  createApp,
  createDispatcher,
  createMemoryStore,
  createScheduler,
  type DispatcherOptions,
  type SchedulerOptions,
} from '../../src/http/app.ts';
import type { RequestEvent } from '../../src/http/metrics/events.ts';
import { K8sReporter } from '../../src/reporter/kubernetes.ts';
import { createFakeApiServer } from '../../src/testing/index.ts';
import { json } from './stub.ts';

const names = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}-${n}`);

/** The service in front of a fake cluster that takes `delay` milliseconds for each request. */
function service(
  limits: SchedulerOptions,
  resources: readonly string[],
  more: Partial<DispatcherOptions> = {},
) {
  const api = createFakeApiServer({ objects: resources.map(name => ({ namespace: 'default', name })) });
  const credentials = staticCredentials({ server: api.server, token: 't' });
  const requests: RequestEvent[] = [];
  const order: string[] = [];
  let [active, most] = [0, 0];
  const fetch = async (...args: Parameters<typeof api.fetch>) => {
    most = Math.max(most, ++active);
    order.push(/virtualmcpservers\/([^/?]+)/.exec(String(args[0]))![1]!);
    await new Promise(resolve => setTimeout(resolve, 2));
    return api.fetch(...args).finally(() => active--);
  };
  const store = createMemoryStore();
  const scheduler = createScheduler({ requestsPerSecond: 100_000, ...limits });
  const dispatcher = createDispatcher({
    store,
    scheduler,
    observer: { report: () => {}, request: event => requests.push(event) },
    create: (target, _, settings) => new K8sReporter({ ...target, ...settings, credentials, fetch }),
    ...more,
  });
  const app = createApp({ dispatcher, store });
  const put = (name: string, status: object, headers: Record<string, string> = {}) =>
    app.request(`/v1/namespaces/default/virtualmcpservers/${name}/status`, {
      method: 'PUT',
      headers: { ...json, ...headers },
      body: JSON.stringify(status),
    });
  return { api, app, put, dispatcher, store, requests, order, most: () => most };
}

describe('many resources in one process', () => {
  it('a noisy gateway of many resources lets a quiet one through in its turn', async () => {
    const noisy = names('noisy', 40);
    const { put, order, dispatcher, most } = service({ concurrency: 4 }, [...noisy, 'quiet']);
    const flood = noisy.map(name => put(name, { phase: 'Ready' }));
    while (order.length < 8) await new Promise(resolve => setTimeout(resolve, 1));
    const asked = order.length;
    const waited = dispatcher.queued;
    await put('quiet', { phase: 'Ready' });
    // A read and a write, each behind at most one request of every other resource.
    expect(order.lastIndexOf('quiet') - asked).toBeLessThanOrEqual(2 * (noisy.length + 1));
    expect(waited).toBeGreaterThan(20);
    await Promise.all(flood);
    expect(most()).toBe(4);
  });

  it('one resource that is reported on without end holds up no other: its reports coalesce', async () => {
    const { api, put, order } = service({ concurrency: 1 }, ['noisy', 'quiet']);
    const flood = Array.from({ length: 300 }, (_, n) => put('noisy', { phase: 'Ready', message: `${n}` }));
    const quiet = await put('quiet', { phase: 'Ready' });
    expect(await quiet.json()).toMatchObject({ outcome: 'applied' });
    const outcomes = await Promise.all(flood.map(async answer => (await (await answer).json()).outcome));
    expect(outcomes.filter(outcome => outcome === 'superseded').length).toBeGreaterThan(250);
    expect(api.get('default', 'noisy')?.status).toMatchObject({ message: '299' });
    expect(order.length).toBeLessThan(40);
  });

  it('tells of every request', async () => {
    const resources = names('r', 10);
    const { put, requests } = service({}, resources);
    const began = performance.now();
    await Promise.all(resources.map(name => put(name, { phase: 'Ready' })));
    const longest = Math.max(...requests.map(({ duration }) => duration));
    expect(longest).toBeLessThanOrEqual(performance.now() - began);
    expect(requests.map(({ method, status }) => `${method} ${status}`).sort()).toStrictEqual([
      ...Array(10).fill('GET 200'),
      ...Array(10).fill('PATCH 200'),
    ]);
  });

  it('delivers every accepted report, also with far fewer reporters than resources', async () => {
    const resources = names('r', 30);
    const { api, put, dispatcher } = service({ concurrency: 8 }, resources, { limit: 5 });
    for (const phase of ['Pending', 'Degraded', 'Ready']) {
      for (const name of resources) await put(name, { phase }, { prefer: 'respond-async' });
    }
    expect(dispatcher.reporters).toBe(5);
    await dispatcher.close();
    for (const name of resources)
      expect(api.get('default', name)?.status, name).toMatchObject({ phase: 'Ready' });
    expect(dispatcher.inFlight).toBe(0);
  });
});
