import { structuredLogger } from '@hono/structured-logger';
import type { Context, MiddlewareHandler } from 'hono';
import { toLog } from '../reporter/logger.ts';
import type { Logger } from '../types.ts';
import type { ServiceEnv } from './env.ts';
import type { Caller } from './model.ts';

/** What is said of a request. */
interface Fields {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Milliseconds. */
  readonly duration: number;
  caller?: string;
  error?: Error;
}

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
    const duration = Math.round(performance.now() - started);
    const fields: Fields = { requestId: c.get('requestId'), method, path, status, duration };
    const caller = c.get('caller') as Caller | undefined;
    if (caller !== undefined) fields.caller = caller.name;
    if (fault) fields.error = error;
    log(fault ? 'error' : probes.has(path) ? 'debug' : 'info', `${method} ${path}: ${status}`, fields);
  }

  return structuredLogger({
    createLogger: () => new Silent(),
    onRequest: () => {},
    onResponse: ({ started }, c) => write(c, started),
    onError: ({ started }, error, c) => write(c, started, error),
  });
}

/** Hono's middleware gives every request a logger; ours needs but one, and a line each. */
class Silent {
  readonly started = performance.now();
  debug() {}
  info() {}
  warn() {}
  error() {}
}
