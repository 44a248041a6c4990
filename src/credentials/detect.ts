import { defined } from '../defined.ts';
import type { Credentials } from '../types.ts';
import { deferred, deferredKubeconfig } from './deferred.ts';
import { type Environment, variable } from './env.ts';
import { environmentCredentials } from './environment.ts';
import { inClusterCredentials } from './in-cluster.ts';
import { type StaticCredentialsOptions, staticCredentials } from './static.ts';

export interface DetectOptions {
  /** Values at hand, which come before everything else. */
  readonly explicit?: StaticCredentialsOptions;
  /** Default: none, and nothing is detected. */
  readonly env?: Environment;
  /** Path of a kubeconfig, or several to merge. Default: what the environment's `KUBECONFIG` lists. */
  readonly kubeconfig?: string | readonly string[];
  /** Context of the kubeconfig; also lets `~/.kube/config` be used. Default: its current context. */
  readonly context?: string;
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Who to be, in this order: `explicit` values; the kubeconfig or context given as options; the
 * variables for runtimes without files (`VMCP_KUBECONFIG`, `VMCP_KUBERNETES_SERVER` and its kin); `KUBECONFIG`; the
 * service account of the pod. `~/.kube/config` only where a context is given: a kubeconfig that merely lies there is
 * not used unasked. Does no IO: what is wrong or missing rejects at the first `access()`.
 *
 * @returns `undefined` where there is nothing
 * @throws ConfigurationError where the environment cannot be read
 */
export function findCredentials(options: DetectOptions): Credentials | undefined {
  const { explicit, env = {}, kubeconfig, context, now } = options;
  const more = defined({ now, context });
  if (explicit !== undefined) return staticCredentials({ ...defined({ now }), ...explicit });
  if (kubeconfig !== undefined) return fromKubeconfig(kubeconfig, more);
  const fromEnvironment = environmentCredentials({ env, ...more });
  const listed = variable(env, 'KUBECONFIG');
  if (context !== undefined) {
    return variable(env, 'VMCP_KUBECONFIG') ? fromEnvironment : fromKubeconfig(listed, more);
  }
  if (fromEnvironment) return fromEnvironment;
  if (listed !== undefined) return fromKubeconfig(listed, more);
  return variable(env, 'KUBERNETES_SERVICE_HOST') ? inClusterCredentials({ env, ...more }) : undefined;
}

/** As {@link findCredentials}; where there is nothing, `access()` rejects and says what was looked for. */
export function detectCredentials(options: DetectOptions): Credentials {
  return (
    findCredentials(options) ??
    deferred('no credentials', async () => (await import('./no-credentials.ts')).refuseAccess())
  );
}

function fromKubeconfig(
  paths: string | readonly string[] | undefined,
  more: { context?: string; now?: () => number },
): Credentials {
  const source =
    more.context === undefined ? 'kubeconfig' : `kubeconfig context ${JSON.stringify(more.context)}`;
  return deferredKubeconfig(source, { ...more, ...defined({ paths }) });
}
