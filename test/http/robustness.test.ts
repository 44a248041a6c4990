import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { staticCredentials } from '../../src/credentials/static.ts';
import {
  createApp,
  createDispatcher,
  createMemoryStore,
  createScheduler,
  type DispatcherOptions,
} from '../../src/http/app.ts';
import { createMetrics } from '../../src/http/metrics/metrics.ts';
import { K8sReporter } from '../../src/reporter/kubernetes.ts';
import { createFakeApiServer } from '../../src/testing/index.ts';
import { serviceOf } from './stub.ts';

const resource = '/v1/namespaces/default/virtualmcpservers/demo';

const path = fc.oneof(
  fc.constantFrom(
    '/',
    '/docs',
    '/healthz',
    '/livez',
    '/metrics',
    '/openapi.json',
    '/page/events',
    '/readyz',
    '/v1/events',
    '/v1/virtualmcpservers',
    `${resource}/backends`,
    `${resource}/deliveries/x`,
    `${resource}/status`,
  ),
  fc.webPath(),
  fc
    .tuple(fc.webSegment(), fc.webSegment())
    .map(([a, b]) => `/v1/namespaces/${a}/virtualmcpservers/${b}/status`),
);
const visible = fc.stringMatching(/^[\x21-\x7e]([\x20-\x7e\t\xa0-\xff]{0,30}[\x21-\x7e])?$/);
const headers = fc.record(
  {
    accept: visible,
    authorization: visible,
    'content-encoding': fc.constantFrom('identity', 'gzip', ''),
    'content-type': fc.oneof(visible, fc.constant('application/json')),
    'last-event-id': visible,
    prefer: visible,
    'reporter-instance': visible,
    'x-request-id': visible,
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  fc.json({ maxDepth: 5 }),
  fc.string({ unit: 'binary' }),
  fc.uint8Array({ maxLength: 50 }),
  fc
    .jsonValue()
    .map(value => JSON.stringify({ phase: 'Ready', conditions: value, discoveredBackends: [value] })),
  fc.jsonValue().map(value => JSON.stringify({ backends: [{ name: 'a', health: 'healthy', error: value }] })),
  fc.constantFrom(
    '{"phase":"Ready","__proto__":{"x":1}}',
    '{"phase":"Ready","constructor":{"prototype":{}}}',
    `{"phase":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
    '{"phase":"Ready","message":"\\ud800"}',
  ),
);

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('\ud800', '\0', '\u2028', '__proto__', '{{', '~1/', 'x'.repeat(1000)),
);
const time = fc.constantFrom(
  '0001-01-01T00:00:00Z',
  '2026-01-02T03:04:05.999999999+23:59',
  '9999-12-31T23:59:59Z',
);
const int32 = fc.oneof(fc.constantFrom(0, 2 ** 31 - 1), fc.nat());
const report = fc.record(
  {
    phase: fc.constantFrom('Pending', 'Ready', 'Degraded', 'Failed'),
    message: fc.option(text),
    conditions: fc.uniqueArray(
      fc.record(
        {
          type: fc.constantFrom('Ready', 'Degraded', '__proto__', 'constructor', 'a.example/toString'),
          status: fc.constantFrom('True', 'False', 'Unknown'),
          reason: fc.constantFrom('A', 'constructor', 'R'.repeat(1024)),
          message: text,
          lastTransitionTime: time,
          observedGeneration: int32,
        },
        { requiredKeys: ['type', 'status', 'reason', 'message'] },
      ),
      { selector: ({ type }) => type, maxLength: 4 },
    ),
    discoveredBackends: fc.uniqueArray(
      fc.record(
        {
          name: fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'a"b', 'a]b')),
          url: text,
          status: fc.constantFrom('ready', 'degraded', 'unavailable', 'unauthenticated', 'unknown'),
          lastHealthCheck: time,
          message: text,
          consecutiveFailures: int32,
        },
        { requiredKeys: ['name'] },
      ),
      { selector: ({ name }) => name, maxLength: 4 },
    ),
    backendCount: int32,
    observedGeneration: int32,
  },
  { requiredKeys: ['phase'] },
);

describe('whatever a caller sends', () => {
  it('is never a fault of the service', async () => {
    const closing = new AbortController();
    const { app, logged } = serviceOf({ app: { metrics: createMetrics(), closing: closing.signal } });
    const request = fc.record({
      path,
      query: fc.oneof(
        fc.constant(''),
        fc.webQueryParameters({ size: 'xsmall' }).map(query => `?${query}`),
      ),
      method: fc.constantFrom('GET', 'HEAD', 'PUT', 'POST', 'PATCH', 'DELETE', 'OPTIONS'),
      headers,
      body,
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ path, query, method, headers, body }) => {
        const bare = method === 'GET' || method === 'HEAD';
        const answer = await app.request(path + query, { method, headers, ...(!bare && { body }) });
        await answer.body?.cancel();
        expect(answer.status).toBeLessThan(500);
        expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
        if (answer.status >= 400 && method !== 'HEAD')
          expect(answer.headers.get('content-type')).toBe('application/problem+json');
      }),
      { numRuns: 1500 },
    );
    closing.abort();
    expect(logged.filter(line => line.startsWith('error'))).toStrictEqual([]);
  });

  it('is never a fault of the service nor of the API server, where it is a status', async () => {
    const api = createFakeApiServer({ objects: [{ namespace: 'default', name: 'demo' }] });
    const credentials = staticCredentials({ server: api.server, token: 't' });
    const store = createMemoryStore();
    const scheduler = createScheduler({ requestsPerSecond: 100_000 });
    const create: DispatcherOptions['create'] = (target, _, settings) =>
      new K8sReporter({ ...target, ...settings, credentials, fetch: api.fetch });
    const app = createApp({ dispatcher: createDispatcher({ store, scheduler, create }), store });
    await fc.assert(
      fc.asyncProperty(report, async report => {
        const body = JSON.stringify(report);
        const init = { method: 'PUT', headers: { 'content-type': 'application/json' }, body };
        const answer = await app.request(`${resource}/status`, init);
        const { outcome, code } = await answer.json();
        // What the service lets through, the API server takes.
        expect([answer.status, outcome ?? code]).toStrictEqual(
          answer.ok ? [200, expect.stringMatching(/^(applied|unchanged|partial)$/)] : [422, 'invalid_status'],
        );
      }),
      { numRuns: 300 },
    );
  });
});
