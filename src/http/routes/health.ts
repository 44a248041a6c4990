import type { Context } from 'hono';
import { Hono } from 'hono/tiny';
import { StatusReporterError } from '../../errors.ts';
import type { ServiceEnv } from '../env.ts';
import { type Checks, createHealth } from '../health.ts';

/** Options of {@link healthRoutes}. */
export interface HealthRoutesOptions {
  /** What has to work for the service to be of use. */
  readonly ready: Checks;
  /** Fires when the service shuts down. */
  readonly closing?: AbortSignal;
  /** Told why a check failed. */
  readonly onFailure: (check: string, error: unknown) => void;
}

const ping = () => {};

/** Whether the process is there, and whether it can do its work; `?verbose` says why not, as Kubernetes does. */
export function healthRoutes({ ready, closing, onFailure }: HealthRoutesOptions) {
  const shutdown = () => {
    if (closing?.aborted) throw new StatusReporterError('closed', 'The service is shutting down.');
  };
  const health = (name: string, checks: Checks) => {
    const ask = createHealth(name, checks, onFailure);
    return async (c: Context<ServiceEnv>) => {
      const { ok, text } = await ask(c.req.queries());
      return ok ? c.text(text, 200) : c.text(text, 503, { 'retry-after': '5' });
    };
  };
  return new Hono<ServiceEnv>()
    .get('/healthz', health('healthz', { ping }))
    .get('/livez', health('livez', { ping }))
    .get('/readyz', health('readyz', { ping, shutdown, ...ready }));
}
