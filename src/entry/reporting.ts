import { createTransport } from '#transport';
import { tokenExpiry } from '../credentials/token.ts';
import { StatusReporterError } from '../errors.ts';
import type { Caller, ReporterSettings, ResourceReporter, Target } from '../http/app.ts';
import { K8sReporter } from '../reporter/kubernetes.ts';
import { followAccess } from '../transport/pool.ts';
import type { Access, Credentials, Logger } from '../types.ts';

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
  /** When the token of the service expires, in milliseconds since the epoch, where that is known. */
  readonly tokenExpiresAt: number | undefined;
  close(): Promise<void>;
}

export function createReporting({ credentials, logger }: ReportingOptions): Reporting {
  const connection = followAccess(createTransport);
  let tokenExpiresAt: number | undefined;
  // Kept by the credentials, so that asking costs nothing until the token is renewed.
  const noteExpiry = ({ token }: Access) => {
    tokenExpiresAt = tokenExpiry(token);
  };

  return {
    create: (target, caller, settings) =>
      new K8sReporter({ ...target, ...settings, credentials: caller.credentials ?? credentials, logger }),
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
