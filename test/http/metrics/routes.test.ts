import parse from 'parse-prometheus-text-format';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../../src/http/metrics/metrics.ts';
import { metricsRoutes } from '../../../src/http/metrics/routes.ts';
import type { Store } from '../../../src/http/model.ts';
import { record } from './records.ts';

const store: Store = {
  put() {},
  get: () => undefined,
  list: () => [record({ namespace: 'team-a' }), record({ namespace: 'team-b' })],
  async *changes() {},
};

async function namespaces(response: Response): Promise<unknown[]> {
  const phases = parse(await response.text()).find(({ name }) => name.endsWith('contested_fields'));
  return phases?.metrics.map(({ labels }) => labels?.['namespace']) ?? [];
}

describe('GET /metrics', () => {
  it('is the text format, version 0.0.4', async () => {
    const response = await metricsRoutes(createMetrics(), store).request('/metrics');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await namespaces(response)).toEqual(['team-a', 'team-b']);
  });

  it('says nothing of resources that the scraper may not read', async () => {
    const mayRead = async (_: unknown, { namespace }: { namespace: string }) => namespace === 'team-b';
    const response = await metricsRoutes(createMetrics(), store, { mayRead }).request('/metrics');
    expect(await namespaces(response)).toEqual(['team-b']);
  });
});
