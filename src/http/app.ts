import type { HonoRequest } from 'hono';
import type { ApplyGlobalResponse } from 'hono/client';
import { timeout } from 'hono/timeout';
import { Hono } from 'hono/tiny';
import { toLog } from '../reporter/logger.ts';
import type { Logger } from '../types.ts';
import { authenticated } from './access.ts';
import { accessLog } from './access-log.ts';
import { framed } from './answer.ts';
import type { ServiceEnv } from './env.ts';
import type { Checks } from './health.ts';
import { remembering } from './known-paths.ts';
import type { Metrics } from './metrics/metrics.ts';
import { metricsRoutes } from './metrics/routes.ts';
import type { Authenticate, Dispatcher, Store } from './model.ts';
import { pageRoutes } from './page/routes.tsx';
import { type Problem, ProblemError, type ProblemStatus, respond } from './problem.ts';
import { docsRoutes } from './routes/docs.ts';
import { healthRoutes } from './routes/health.ts';
import { resourcesRoutes } from './routes/resources.ts';
import { statusRoutes } from './routes/status.ts';
import { readRefused } from './unread-body.ts';

export type { BackendsReport } from '../status/backend-health.ts';
export { type AuthConfig, type AuthDependencies, createAuthenticator } from './auth/authenticator.ts';
export { asymmetric, type JwtOptions, type JwtVerification, jwt, type KeySet } from './auth/jwt.ts';
export { type PassthroughOptions, passthrough } from './auth/passthrough.ts';
export { type ReviewCache, type ReviewOptions, review } from './auth/review.ts';
export type { Grant, Rule } from './auth/rules.ts';
export { type ServiceAccountJwtOptions, serviceAccountJwt } from './auth/service-account.ts';
export { parseTokens, type TokenEntry, type TokenOptions, token } from './auth/token.ts';
export { cohort } from './cohort.ts';
export {
  createDispatcher,
  type DispatcherOptions,
  type MemoryDispatcher,
  type ReporterSettings,
} from './dispatch.ts';
export type { Checks } from './health.ts';
export type { Activity, Observer, ReportEvent, RequestEvent } from './metrics/events.ts';
export { createMetrics, type Metrics, type MetricsOptions } from './metrics/metrics.ts';
export type {
  Authenticate,
  Caller,
  Delivery,
  Dispatcher,
  PhaseChange,
  ResourceRecord,
  Store,
  Submission,
  Ticket,
  Verb,
} from './model.ts';
export { type Problem, type ProblemCode, ProblemError, type ProblemIssue } from './problem.ts';
export type { ResourceReporter } from './reporters.ts';
export type { ResourceStatus } from './routes/status.ts';
export { createScheduler, type Scheduler, type SchedulerOptions } from './scheduler.ts';
export { createMemoryStore, type MemoryStore, type MemoryStoreOptions } from './store.ts';
export type { Target } from './target.ts';

/** Options of {@link createApp}. */
export interface AppOptions {
  /** Delivers reports: `createDispatcher()`. The caller closes it, after the last request. */
  readonly dispatcher: Dispatcher;
  /** What is known of all resources: `createMemoryStore()`, the one that the dispatcher writes to. */
  readonly store: Store;
  /**
   * Who may use `/v1`, the page and the metrics: `jwt()`, `review()`, `passthrough()`, `token()`. Default: everybody, so
   * listen on a loopback address only.
   */
  readonly authenticate?: Authenticate;
  /** What has to work for `/readyz`, by name. Default: the service itself. */
  readonly ready?: Checks;
  /** Served at `/metrics`: `createMetrics()`. Default: there is nothing at that path. */
  readonly metrics?: Metrics;
  /** Whether there is a page at `/`. Default `true`. */
  readonly page?: boolean;
  /** Fires when the service shuts down: readiness fails, event streams end. Fire it before the server is told to stop. */
  readonly closing?: AbortSignal;
  /** Largest body, in bytes. Default 1 MiB. */
  readonly maxBody?: number;
  /** Milliseconds for a body to arrive. Default 10,000. */
  readonly bodyTimeout?: number;
  /** Milliseconds for an answer; event streams go on. Default 60,000: reporters give up before that. */
  readonly timeout?: number;
  /** Milliseconds between the comments that keep a quiet event stream open. Default 5,000. */
  readonly keepAlive?: number;
  /** Told of every request when it was answered. Default: none. */
  readonly logger?: Logger;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** The service without its server: `app.fetch` takes a `Request` and gives a `Response`, on any runtime. */
export function createApp(options: AppOptions) {
  const { dispatcher, store, authenticate, metrics, closing, maxBody = 1024 * 1024 } = options;
  const { bodyTimeout = 10_000, keepAlive = 5_000, now = Date.now } = options;
  const log = toLog(options.logger);
  const known = authenticated(authenticate);
  const app = new Hono<ServiceEnv>();
  app.router = remembering(app.router);

  // Few, since a layer costs a report more than what it does.
  app.use(
    accessLog(options.logger),
    readRefused(8 * maxBody),
    framed(timeout(options.timeout ?? 60_000, tooLate)),
  );
  const routes = app
    .route(
      '/',
      healthRoutes({
        ready: options.ready ?? {},
        ...(closing && { closing }),
        onFailure: (check, error) => log('warn', `The check ${check} failed`, { check, error }),
      }),
    )
    .route('/', docsRoutes())
    .use('/v1/*', known)
    .route('/v1', resourcesRoutes({ store, keepAlive, ...(closing && { closing }) }))
    .route(
      '/v1',
      statusRoutes({
        dispatcher,
        store,
        now,
        limits: { size: maxBody, time: bodyTimeout },
        onFailure: ({ id }, error, requestId) =>
          log('warn', 'An accepted report could not be delivered', { delivery: id, requestId, error }),
      }),
    );
  if (metrics) {
    app.use('/metrics', known);
    app.route('/', metricsRoutes(metrics, store));
  }
  if (options.page ?? true) {
    app.use('/', known).use('/page/*', known);
    app.route('/', pageRoutes(store, { now, ...(closing && { closing }) }));
  }

  app.notFound(c => respond(c, nothingThere(app, c.req)));
  app.onError((error, c) => respond(c, error));
  return routes;
}

/** The type of the service, for Hono's client: `hc<AppType>(url)`. Whatever is asked for, the answer may be a problem. */
export type AppType = ApplyGlobalResponse<
  ReturnType<typeof createApp>,
  { [Status in ProblemStatus]: { json: Problem } }
>;

/** The service, not the API server, took too long. */
function tooLate(): ProblemError {
  return new ProblemError('timeout', 'No answer within the time limit of this service.');
}

/** Why no route answers: the path has none at all, or none for the method. */
function nothingThere({ routes, router }: Hono<ServiceEnv>, { method, path }: HonoRequest): ProblemError {
  const methods = new Set(routes.map(route => route.method));
  // What is for all methods only stands before a route.
  methods.delete('ALL');
  const known = [...methods].filter(each =>
    router.match(each, path)[0].some(([[, { method }]]) => method === each),
  );
  if (known.length === 0) return new ProblemError('not_found', 'There is nothing at this path.');
  const allow = known
    .flatMap(each => (each === 'GET' ? ['GET', 'HEAD'] : [each]))
    .sort()
    .join(', ');
  return new ProblemError('method_not_allowed', `Expected one of ${allow}, found ${method}.`, { allow });
}
