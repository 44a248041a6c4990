import { defined } from '../defined.ts';
import { StatusReporterError } from '../errors.ts';
import { cohort, createApp, createDispatcher, createMemoryStore, createScheduler } from '../http/app.ts';
import { type AuthConfig, createAuthenticator } from '../http/auth/authenticator.ts';
import { createMetrics } from '../http/metrics/metrics.ts';
import type { Logger } from '../types.ts';
import type { Cluster } from './cluster.ts';
import { startDemoGateway } from './demo-gateway.ts';
import { explain, type Handler, type Listen } from './listen.ts';
import { createReporting } from './reporting.ts';
import type { Address, Limits } from './settings.ts';
import { forThisMachine } from './this-machine.ts';
import { version } from './version.ts';

/** A service that runs. */
export interface Service {
  /** Where it listens: `http://127.0.0.1:8787`. */
  readonly url: string;
  /**
   * Takes no more requests, ends event streams, answers what is under way, delivers what is pending.
   *
   * @throws StatusReporterError `timeout` where that takes too long
   */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly cluster: Cluster;
  readonly address: Address;
  /** How callers are known. Default: nobody is asked. */
  readonly auth?: AuthConfig | undefined;
  /** Default: those of the scheduler, the dispatcher and the store. */
  readonly limits?: Limits;
  /** For `auth` by tokens. */
  readonly readTokens?: () => Promise<{ text: string; source: string }>;
  /** Whether the embedded cluster's showcase reports. Default `true`. */
  readonly demo?: boolean;
  readonly listen: Listen;
  readonly logger: Logger;
}

/** Milliseconds for the requests under way, and for the whole shutdown. */
const patience = { requests: 4_000, shutdown: 10_000 };

/** @throws ConfigurationError where it cannot listen, or `auth` is wrong */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { cluster, address, auth, limits = {}, readTokens, listen, logger } = options;
  const { credentials } = cluster;
  const closing = new AbortController();
  const kept = defined({ limit: limits.resources });
  const store = createMemoryStore(kept);
  const metrics = createMetrics({
    version,
    activity: async () => ({
      inFlight: dispatcher.inFlight,
      queued: dispatcher.queued,
      ...defined({ tokenExpiresAt: await reporting.tokenExpiresAt() }),
    }),
  });
  const reporting = createReporting({ credentials, logger });
  const dispatcher = createDispatcher({
    ...kept,
    store,
    create: reporting.create,
    scheduler: createScheduler(defined({ requestsPerSecond: limits.requestsPerSecond })),
    observer: metrics,
    logger,
  });
  const app = createApp({
    dispatcher,
    store,
    metrics,
    ...(auth && {
      authenticate: createAuthenticator(auth, { credentials, logger, ...(readTokens && { readTokens }) }),
    }),
    ready: { 'api-server': reporting.check },
    closing: closing.signal,
    logger,
  });
  const handler: Handler = cohort((request, extra) => app.fetch(request, extra));
  const server = await listen(auth ? handler : forThisMachine(handler), address).catch(error => {
    throw explain(error, address);
  });

  const { showcase: target } = cluster;
  const gateway =
    target && options.demo !== false ? startDemoGateway({ target, dispatcher, logger }) : undefined;

  async function wind(): Promise<void> {
    // Event streams end now: the server would wait for them.
    closing.abort();
    const answered = Promise.all([server.stop(), gateway?.stop()]);
    await Promise.race([answered, new Promise(resolve => setTimeout(resolve, patience.requests))]);
    // What still waits for the API server is given up here and answered with a 503.
    await dispatcher.close();
    await answered;
    await reporting.close();
    await cluster.stop();
  }

  return { url: server.url, stop: () => within(patience.shutdown, wind()) };
}

async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_, reject) => {
    const late = () =>
      reject(
        new StatusReporterError('timeout', `Not everything was delivered within ${milliseconds / 1000} s.`),
      );
    timer = setTimeout(late, milliseconds);
  });
  try {
    await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
