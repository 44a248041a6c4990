import { appOf } from './workers/app.ts';
import type { Env } from './workers/env.ts';

export type { Env } from './workers/env.ts';
export { StatusDelivery } from './workers/status-delivery.ts';
export { StatusIndex } from './workers/status-index.ts';

/**
 * The service as a Worker. A report is accepted and delivered by the Durable Object of its resource, `StatusDelivery`; what
 * lists, events, the page and the metrics show comes from one more, `StatusIndex`. `wrangler.toml` binds them.
 */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return appOf(env).fetch(request);
  },
};
