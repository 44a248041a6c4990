import type { MiddlewareHandler } from 'hono';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import { Hono } from 'hono/tiny';
import { toLog } from '../reporter/logger.ts';
import type { Logger } from '../types.ts';
import type { ServiceEnv } from './env.ts';
import { ProblemError, respond } from './problem.ts';
import type { Reporters } from './reporters.ts';
import { healthRoutes } from './routes/health.ts';
import { statusRoutes } from './routes/status.ts';
import { plainPath } from './target.ts';
import { readRefused } from './unread-body.ts';

export { bearerToken } from './bearer.ts';
export type { Problem, ProblemCode, ProblemIssue } from './problem.ts';
export {
  createReporters,
  type Reporters,
  type ReportersOptions,
  type ResourceReporter,
} from './reporters.ts';
export type { ResourceStatus } from './routes/status.ts';
export type { Target } from './target.ts';

/** Options of {@link createApp}. */
export interface AppOptions {
  /** Where reports go. The caller closes them, after the last request. */
  readonly reporters: Reporters;
  /**
   * Who may use `/v1`: middleware that ends the request of anybody else, such as `bearerToken()`. Default: everybody, so
   * listen on a loopback address only.
   */
  readonly guard?: MiddlewareHandler;
  /** Largest body, in bytes. Default 1 MiB. */
  readonly maxBody?: number;
  /** Told of every request that failed for a reason that is not the caller's. Default: none. */
  readonly logger?: Logger;
}

/** The service without its server: `app.fetch` takes a `Request` and gives a `Response`, on any runtime. */
export function createApp(options: AppOptions) {
  const { reporters, guard, maxBody = 1024 * 1024 } = options;
  const log = toLog(options.logger);

  const app = new Hono<ServiceEnv>()
    .use(requestId(), secureHeaders(headers), noStore, readRefused(8 * maxBody), plainPath)
    .route('/', healthRoutes())
    .use('/v1/*', guard ?? pass)
    .route('/v1', statusRoutes(reporters, maxBody));

  app.notFound(c => respond(c, new ProblemError('not_found', 'There is nothing at this path.')));
  app.onError((error, c) => {
    const answer = respond(c, error);
    if (answer.status >= 500) {
      const { method, path } = c.req;
      log('error', `${method} ${path}: ${answer.status}`, { requestId: c.get('requestId'), error });
    }
    return answer;
  });
  return app;
}

/** The type of the service, for Hono's client: `hc<AppType>(url)`. */
export type AppType = ReturnType<typeof createApp>;

const headers = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
  },
};

const pass: MiddlewareHandler = (_, next) => next();

/** Statuses age in seconds. */
const noStore: MiddlewareHandler = async (c, next) => {
  c.header('cache-control', 'no-store');
  await next();
};
