import { createTransport } from '#transport';
import { tokenExpiry } from '../credentials/token.ts';
import { StatusReporterError } from '../errors.ts';
import type { Caller, ResourceReporter, Scheduler, Target } from '../http/app.ts';
import type { Observer } from '../http/metrics/events.ts';
import { K8sReporter } from '../reporter/kubernetes.ts';
import { followAccess } from '../transport/pool.ts';
import type { Access, Credentials, Logger, Schedule } from '../types.ts';

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
  const connection = followAccess(createTransport);
  let tokenExpiresAt: number | undefined;
  // Kept by the credentials, so that asking costs nothing until the token is renewed.
  const noteExpiry = ({ token }: Access) => {
    tokenExpiresAt = tokenExpiry(token);
  };

  /** Between resources turns are taken: one that reports a lot waits for itself. */
  function scheduleFor({ namespace, name }: Target): Schedule {
    return (send, { method, attempt, signal }) =>
      scheduler.run(
        `${namespace}/${name}`,
        async () => {
          const started = performance.now();
          let status: number | undefined;
          try {
            const answer = await send();
            status = answer.status;
            return answer;
          } finally {
            const duration = performance.now() - started;
            observer.request({ method, attempt, duration, ...(status !== undefined && { status }) });
          }
        },
        { signal },
      );
  }

  return {
    create: (target, caller) =>
      new K8sReporter({
        ...target,
        credentials: caller.credentials ?? credentials,
        schedule: scheduleFor(target),
        logger,
      }),
    async check(signal) {
      const access = await credentials.access({ signal });
      noteExpiry(access);
      // Everybody may ask for the version; whoever may not has still reached the API server.
      const url = `${access.server}/version`;
      const { status } = await connection.for(access).request({ method: 'GET', url, headers: {}, signal });
      if (status >= 500) throw new StatusReporterError('unavailable', `The API server answers ${status}.`);
    },
    get tokenExpiresAt() {
      credentials.access().then(noteExpiry, () => {});
      return tokenExpiresAt;
    },
    close: () => connection.close(),
  };
}
