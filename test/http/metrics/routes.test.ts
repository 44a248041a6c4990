import parse from 'parse-prometheus-text-format';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../../src/http/metrics/metrics.ts';
import type { Caller } from '../../../src/http/model.ts';
import { serviceOf } from '../stub.ts';
import { record } from './records.ts';

/** Scrapes a service that knows of two resources. */
async function scrape(may: Caller['may']): Promise<Response> {
  const caller: Caller = { name: 'scraper', partition: 'service', may };
  const { app, store } = serviceOf({ app: { metrics: createMetrics(), authenticate: () => caller } });
  for (const namespace of ['team-a', 'team-b']) store.put(record({ namespace }));
  return app.request('/metrics');
}

async function namespaces(response: Response): Promise<unknown[]> {
  const contested = parse(await response.text()).find(({ name }) => name.endsWith('contested_fields'));
  return contested?.metrics.map(({ labels }) => labels?.['namespace']) ?? [];
}

describe('GET /metrics', () => {
  it('is the text format, version 0.0.4', async () => {
    const response = await scrape(() => true);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await namespaces(response)).toEqual(['team-a', 'team-b']);
  });

  it('says nothing of resources that the scraper may not read', async () => {
    const response = await scrape(async (verb, { namespace }) => verb === 'read' && namespace === 'team-b');
    expect(await namespaces(response)).toEqual(['team-b']);
  });
});
