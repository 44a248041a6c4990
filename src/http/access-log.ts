import { structuredLogger } from '@hono/structured-logger';
import type { Context, MiddlewareHandler } from 'hono';
import { toLog } from '../reporter/logger.ts';
import type { Logger } from '../types.ts';
import type { ServiceEnv } from './env.ts';

/** Paths that something asks for every few seconds; they are logged as `debug`. */
const probes = new Set(['/healthz', '/livez', '/readyz', '/metrics']);

/**
 * One line for each request when it was answered: method, path without its query, status, milliseconds, who sent it. What
 * is the service's fault is an error, with its cause; the rest is information.
 */
export function accessLog(logger: Logger | undefined): MiddlewareHandler<ServiceEnv> {
  const log = toLog(logger);

  function write(c: Context<ServiceEnv>, started: number, error?: Error): void {
    const { method, path } = c.req;
    const { status } = c.res;
    const fault = error !== undefined && status >= 500;
    log(fault ? 'error' : probes.has(path) ? 'debug' : 'info', `${method} ${path}: ${status}`, {
      requestId: c.get('requestId'),
      method,
      path,
      status,
      duration: Math.round(performance.now() - started),
      ...(c.get('caller') && { caller: c.get('caller').name }),
      ...(fault && { error }),
    });
  }

  return structuredLogger({
    createLogger: () => ({ started: performance.now(), ...silent }),
    onRequest: () => {},
    onResponse: ({ started }, c) => write(c, started),
    onError: ({ started }, error, c) => write(c, started, error),
  });
}

const nothing = () => {};
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
