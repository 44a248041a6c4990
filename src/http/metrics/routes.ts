import type { Context } from 'hono';
import { Hono } from 'hono/tiny';
import type { ResourceRecord, Store } from '../model.ts';
import type { Target } from '../target.ts';
import type { Metrics } from './metrics.ts';

/** Options of {@link metricsRoutes}. */
export interface MetricsRoutesOptions {
  /** Whether who asks may read of that resource; what it may not is left out. Default: everybody may. */
  readonly mayRead?: (c: Context, target: Target) => boolean | Promise<boolean>;
}

/**
 * `GET /metrics`, the text format of Prometheus.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function metricsRoutes(metrics: Metrics, store: Store, { mayRead }: MetricsRoutesOptions = {}) {
  return new Hono().get('/metrics', async c => {
    const all = await store.list();
    const records: ResourceRecord[] = [];
    for (const record of all) if (!mayRead || (await mayRead(c, record))) records.push(record);
    return c.body(await metrics.text(records), 200, { 'content-type': metrics.contentType });
  });
}
