import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/http/metrics/metrics.ts';
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
});
