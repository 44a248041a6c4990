import { Hono } from 'hono/tiny';
import { readable } from '../access.ts';
import type { ServiceEnv } from '../env.ts';
import type { Store } from '../model.ts';
import type { Metrics } from './metrics.ts';

/**
 * `GET /metrics`, the text format of Prometheus: of the resources that the scraper may read.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function metricsRoutes(metrics: Metrics, store: Store) {
  return new Hono<ServiceEnv>().get('/metrics', async c => {
    const records = await readable(await store.list(), c.get('caller'));
    return c.body(await metrics.text(records), 200, { 'content-type': metrics.contentType });
  });
}
