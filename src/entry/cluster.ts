import { findCredentials } from '../credentials/detect.ts';
import { defined } from '../defined.ts';
import type { Target } from '../http/app.ts';
import type { Credentials } from '../types.ts';
import { startEmbedded } from './embedded.ts';
import type { Listen } from './listen.ts';

/** Where reports go. */
export interface Cluster {
  readonly credentials: Credentials;
  /** Base URL of its API server. */
  readonly server: string;
  /** Whether it is the fake one in this process. */
  readonly embedded: boolean;
  /** A resource to try the service with. */
  readonly namespace: string;
  readonly name: string;
  /** The resource of a gateway that does not exist, so that there is something to see; only in an embedded one. */
  readonly showcase?: Target;
  stop(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The cluster that was asked for, by `--context`, by the environment, or by running inside it; else an embedded one. A
 * kubeconfig that merely lies in the home directory is nobody's wish.
 *
 * @throws ConfigurationError where what was asked for is missing or unreadable
 */
export async function chooseCluster(
  choice: { readonly kubeconfig?: string | undefined; readonly context?: string | undefined },
  env: Environment,
  listen: Listen,
): Promise<Cluster> {
  const credentials = findCredentials({ env, ...defined({ ...choice }) });
  if (credentials === undefined) return startEmbedded(listen);
  const { server, namespace = 'default' } = await credentials.access();
  const name = env['VMCP_NAME'] ?? 'demo';
  return {
    credentials,
    server,
    embedded: false,
    namespace: env['VMCP_NAMESPACE'] ?? namespace,
    name,
    stop: async () => {},
  };
}
