import { createTransport } from '#transport';
import { tokenExpiry } from '../credentials/token.ts';
import { StatusReporterError } from '../errors.ts';
import type { Caller, ReporterSettings, ResourceReporter, Target } from '../http/app.ts';
import { K8sReporter } from '../reporter/kubernetes.ts';
import { followAccess } from '../transport/pool.ts';
import type { Credentials, Logger } from '../types.ts';

export interface ReportingOptions {
  /** Of the service. */
  readonly credentials: Credentials;
  readonly logger: Logger;
}

/** How reports get to the API server: each with the credential that it belongs to. */
export interface Reporting {
  /** Makes the reporter of one resource; does no IO. */
  create(target: Target, caller: Caller, settings: ReporterSettings): ResourceReporter;
  /** Whether the API server is there. @throws StatusReporterError */
  check(signal: AbortSignal): Promise<void>;
  /** When the token of the service expires, in milliseconds since the epoch; `undefined` where nothing says so in time. */
  tokenExpiresAt(): Promise<number | undefined>;
  close(): Promise<void>;
}

/** Milliseconds for a credential to be renewed while somebody waits for the metrics. */
const patience = 1_000;
/** Milliseconds for what is pending at the end: after the requests under way, and well before the service's own deadline. */
const shutdownTimeout = 4_000;

export function createReporting({ credentials, logger }: ReportingOptions): Reporting {
  const connection = followAccess(createTransport);

  return {
    create: (target, caller, settings) =>
      new K8sReporter({
        ...target,
        ...settings,
        shutdownTimeout,
        credentials: caller.credentials ?? credentials,
        logger,
      }),
    async check(signal) {
      const access = await credentials.access({ signal });
      // Everybody may ask for the version; whoever may not has still reached the API server.
      const url = `${access.server}/version`;
      const { status } = await connection.for(access).request({ method: 'GET', url, headers: {}, signal });
      if (status >= 500) throw new StatusReporterError('unavailable', `The API server answers ${status}.`);
    },
    // Kept by the credentials, so that asking costs nothing until the token is renewed.
    async tokenExpiresAt() {
      const signal = AbortSignal.timeout(patience);
      const access = await credentials.access({ signal }).catch(() => undefined);
      return tokenExpiry(access?.token);
    },
    close: () => connection.close(),
  };
}
