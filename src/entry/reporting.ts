import { createTransport } from '#transport';
import { tokenExpiry } from '../credentials/token.ts';
import { StatusReporterError } from '../errors.ts';
import type { ResourceReporter, Scheduler, Target } from '../http/app.ts';
import type { Observer } from '../http/metrics/events.ts';
import type { Caller } from '../http/model.ts';
import { K8sReporter } from '../reporter/kubernetes.ts';
import { followAccess } from '../transport/pool.ts';
import type { Credentials, Logger, Transport } from '../types.ts';

export interface ReportingOptions {
  /** Of the service. */
  readonly credentials: Credentials;
  readonly scheduler: Scheduler;
  readonly observer: Pick<Observer, 'request'>;
  readonly logger: Logger;
}

/** How reports get to the API server: in turns, counted, each with the credential that it belongs to. */
export interface Reporting {
  /** Makes the reporter of one resource; does no IO. */
  create(target: Target, caller: Caller): ResourceReporter;
  /** Whether the API server is there. @throws StatusReporterError */
  check(signal: AbortSignal): Promise<void>;
  /** When the token of the service expires, in milliseconds since the epoch, where that is known. */
  readonly tokenExpiresAt: number | undefined;
  close(): Promise<void>;
}

export function createReporting({ credentials, scheduler, observer, logger }: ReportingOptions): Reporting {
  const own = followAccess(createTransport);
  let tokenExpiresAt: number | undefined;

  async function counted(transport: Transport, request: Parameters<Transport['request']>[0]) {
    const { method } = request;
    const started = performance.now();
    const duration = () => performance.now() - started;
    try {
      const response = await transport.request(request);
      observer.request({ method, status: response.status, duration: duration() });
      return response;
    } catch (error) {
      observer.request({ method, duration: duration() });
      throw error;
    }
  }

  return {
    create(target, caller) {
      // The same pool for all whose access is the same; a client certificate is never used for somebody else.
      const connection = followAccess(createTransport);
      const identity = caller.credentials ?? credentials;
      const transport: Transport = {
        async request(request) {
          const access = await identity.access();
          if (identity === credentials) tokenExpiresAt = tokenExpiry(access.token);
          const { signal = new AbortController().signal } = request;
          const send = () => counted(connection.for(access), request);
          return scheduler.run(`${target.namespace}/${target.name}`, send, { signal });
        },
        close: () => connection.close(),
      };
      const reporter = new K8sReporter({ ...target, credentials: identity, transport, logger });
      return {
        reportStatus: (status, options) => reporter.reportStatus(status, options),
        read: options => reporter.read(options),
        start: options => reporter.start(options),
        async [Symbol.asyncDispose]() {
          try {
            await reporter[Symbol.asyncDispose]();
          } finally {
            await connection.close();
          }
        },
      };
    },
    async check(signal) {
      const access = await credentials.access({ signal });
      tokenExpiresAt = tokenExpiry(access.token);
      // Everybody may ask for the version; whoever may not has still reached the API server.
      const { status } = await own.for(access).request({
        method: 'GET',
        url: `${access.server}/version`,
        headers: { accept: 'application/json' },
        signal,
      });
      if (status < 500) return;
      throw new StatusReporterError('unavailable', `The API server answers ${status}.`);
    },
    get tokenExpiresAt() {
      return tokenExpiresAt;
    },
    close: () => own.close(),
  };
}
