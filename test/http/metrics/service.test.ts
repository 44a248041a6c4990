import parse from 'parse-prometheus-text-format';
import { describe, expect, it } from 'vitest';
import { staticCredentials } from '../../../src/credentials/static.ts';
import { createApp, createDispatcher, createMemoryStore, createScheduler } from '../../../src/http/app.ts';
import { createMetrics } from '../../../src/http/metrics/metrics.ts';
import { K8sReporter } from '../../../src/reporter/kubernetes.ts';
import {
  createFakeApiServer,
  type Fault,
  on,
  throttle,
  times,
  unavailable,
  withFaults,
} from '../../../src/testing/index.ts';
import { json } from '../stub.ts';

/** The service as it runs, in front of a fake cluster; `scrape` gives the values of all series that have one. */
function service(...faults: Fault[]) {
  const api = createFakeApiServer({ objects: ['a', 'b', 'c'].map(name => ({ namespace: 'default', name })) });
  const credentials = staticCredentials({ server: api.server, token: 't' });
  const fetch = withFaults(api.fetch, ...faults);
  const store = createMemoryStore();
  let now = Date.parse('2026-11-22T10:00:00Z');
  const metrics = createMetrics({
    now: () => now,
    activity: () => ({ inFlight: dispatcher.inFlight, queued: dispatcher.queued }),
  });
  const dispatcher = createDispatcher({
    store,
    observer: metrics,
    now: () => now,
    scheduler: createScheduler({ concurrency: 1, requestsPerSecond: 100_000 }),
    create: (target, _, settings) => new K8sReporter({ ...target, ...settings, credentials, fetch }),
  });
  const app = createApp({ dispatcher, store, metrics });

  return {
    api,
    dispatcher,
    pass(seconds: number) {
      now += seconds * 1000;
    },
    async put(name: string, status: object) {
      const answer = await app.request(`/v1/namespaces/default/virtualmcpservers/${name}/status`, {
        method: 'PUT',
        headers: json,
        body: JSON.stringify(status),
      });
      return answer.json();
    },
    async scrape() {
      const families = parse(await (await app.request('/metrics')).text());
      const values = families.flatMap(({ name, metrics }) =>
        metrics.map(({ labels = {}, value }) => {
          const { namespace: _, ...rest } = labels;
          return [
            [name.replace('vmcp_status_reporter_', ''), ...Object.values(rest)].join(' '),
            Number(value),
          ];
        }),
      );
      return Object.fromEntries(values) as Record<string, number>;
    },
  };
}

describe('what a scrape of the running service shows', () => {
  it('counts reports, requests, retries and failures as they happened', async () => {
    const { put, scrape, pass } = service(on('PATCH', times(1, unavailable())));
    await put('a', { phase: 'Ready' });
    await put('a', { phase: 'Ready' });
    await put('missing', { phase: 'Ready' });
    pass(90);
    expect(await scrape()).toMatchObject({
      'reports_total applied': 1,
      'reports_total unchanged': 1,
      'reports_total failed': 1,
      'report_failures_total not_found': 1,
      reports_coalesced_total: 0,
      'api_requests_total get 200': 2,
      'api_requests_total patch 503': 1,
      'api_requests_total patch 200': 1,
      api_retries_total: 1,
      'last_successful_delivery_age_seconds a': 90,
      'resource_phase a Ready': 1,
      reports_in_flight: 0,
      api_requests_queued: 0,
    });
  });

  it('counts what a busy API server sends away', async () => {
    const { put, scrape } = service(on('GET', times(1, throttle({ retryAfterSeconds: 0 }))));
    await put('a', { phase: 'Ready' });
    expect(await scrape()).toMatchObject({ 'api_requests_total get 429': 1, api_retries_total: 1 });
  });

  it('shows what is under way, what waits for its turn, and what coalesced', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const hold: Fault = async (request, next) => {
      await promise;
      return next(request);
    };
    const { put, scrape, dispatcher } = service(hold);
    const reports = ['a', 'b', 'c', 'a', 'a', 'a'].map((name, n) =>
      put(name, { phase: 'Ready', message: `${n}` }),
    );
    await expect.poll(() => dispatcher.queued).toBe(2);
    // One of the four on the first resource is under way, one waits for it; the two between were replaced.
    await expect.poll(() => dispatcher.inFlight).toBe(4);
    expect(await scrape()).toMatchObject({
      reports_in_flight: 4,
      api_requests_queued: 2,
      reports_coalesced_total: 2,
      'reports_total superseded': 2,
    });
    resolve();
    await Promise.all(reports);
    expect(await scrape()).toMatchObject({ reports_in_flight: 0, api_requests_queued: 0 });
  });

  it('shows that somebody else keeps changing a field', async () => {
    const { put, scrape, api } = service();
    for (let n = 0; n < 5; n++) {
      await put('a', { phase: 'Ready' });
      api.update('default', 'a', object => {
        object.status = { ...object.status, phase: 'Failed' };
      });
    }
    await put('b', { phase: 'Ready' });
    expect(await scrape()).toMatchObject({ 'contested_fields a': 1, 'contested_fields b': 0 });
  });
});
