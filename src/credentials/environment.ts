import { defined } from '../defined.ts';
import type { Credentials } from '../types.ts';
import { deferred, deferredKubeconfig } from './deferred.ts';
import { type Environment, variable } from './env.ts';

/** Texts that say where the API server is, for runtimes without files: the variables or secrets of a Worker. */
export const environmentVariables = {
  /** A whole kubeconfig, YAML or JSON, with its data inside. */
  kubeconfig: 'VMCP_KUBECONFIG',
  /** Base URL of the API server. */
  server: 'VMCP_KUBERNETES_SERVER',
  /** Bearer token. */
  token: 'VMCP_KUBERNETES_TOKEN',
  /** The cluster's CA: PEM text (with `\n` for line breaks where there is but one line), or base64 of it. */
  ca: 'VMCP_KUBERNETES_CA',
  /** Name on the server's certificate, where it is not the URL's. */
  serverName: 'VMCP_KUBERNETES_SERVER_NAME',
} as const;

export interface EnvironmentOptions {
  readonly env: Environment;
  /** Context of a kubeconfig in `VMCP_KUBECONFIG`. Default: its current context. */
  readonly context?: string;
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Credentials from {@link environmentVariables}; `undefined` where none of them is set. What is wrong with them rejects at
 * the first `access()`.
 *
 * @throws ConfigurationError where the environment cannot be read
 */
export function environmentCredentials({ env, ...options }: EnvironmentOptions): Credentials | undefined {
  const names = environmentVariables;
  const content = variable(env, names.kubeconfig);
  if (content !== undefined) {
    return deferredKubeconfig(`kubeconfig in ${names.kubeconfig}`, {
      ...options,
      content,
      contentName: names.kubeconfig,
    });
  }
  const texts = defined({
    server: variable(env, names.server),
    token: variable(env, names.token),
    ca: variable(env, names.ca),
    serverName: variable(env, names.serverName),
  });
  if (Object.keys(texts).length === 0) return undefined;
  return deferred(names.server, async () => {
    const { givenCredentials } = await import('./given.ts');
    return givenCredentials(texts, options);
  });
}
