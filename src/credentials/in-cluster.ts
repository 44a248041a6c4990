import type { Credentials } from '../types.ts';
import { deferred } from './deferred.ts';
import type { Environment } from './env.ts';
import type { Host } from './host/host.ts';

export interface InClusterOptions {
  /** Has `KUBERNETES_SERVICE_HOST` and `KUBERNETES_SERVICE_PORT`. */
  readonly env: Environment;
  /** Folder with `token`, `ca.crt` and `namespace`. Default `/var/run/secrets/kubernetes.io/serviceaccount`. */
  readonly directory?: string;
  /** Default: the machine. */
  readonly host?: Host;
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * The service account of the pod that this runs in. Token and CA are read again every minute, earlier where the token
 * expires earlier.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/
 */
export function inClusterCredentials(options: InClusterOptions): Credentials {
  return deferred('service account of the pod', async () => {
    const { serviceAccountCredentials } = await import('./service-account.ts');
    return serviceAccountCredentials(options);
  });
}
