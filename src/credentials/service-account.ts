import { host as runtimeHost } from '#host';
import { defined } from '../defined.ts';
import { ConfigurationError } from '../errors.ts';
import type { Credentials } from '../types.ts';
import type { Environment } from './env.ts';
import { variable } from './env.ts';
import { fileText } from './file.ts';
import type { InClusterOptions } from './in-cluster.ts';
import { type Reading, rotating } from './rotation.ts';
import { serverUrl } from './server-url.ts';
import { bearerToken } from './token.ts';

/** What `inClusterCredentials` are; loads with their first `access()`, as every source but given values does. */
export function serviceAccountCredentials(options: InClusterOptions): Credentials {
  const { env, directory = '/var/run/secrets/kubernetes.io/serviceaccount', host = runtimeHost } = options;
  const advice =
    'mount the service account (automountServiceAccountToken must not be false), or set KUBECONFIG';

  async function read(): Promise<Reading> {
    const server = serverOf(env);
    const token = await fileText(host, `${directory}/token`, "The service account's token", advice);
    const ca = await fileText(host, `${directory}/ca.crt`, "The cluster's CA", advice);
    // Not every mount has it, and a reporter is told its namespace anyway.
    const namespace = await host.readTextFile(`${directory}/namespace`).catch(() => '');
    return {
      access: {
        server,
        tls: { ca },
        token: bearerToken(token, `${directory}/token`),
        ...defined({ namespace: namespace.trim() || undefined }),
      },
      freshFor: 60_000,
    };
  }

  return { source: 'service account of the pod', ...rotating(read, options.now ?? Date.now) };
}

function serverOf(env: Environment): string {
  const [name, port] = ['KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT'].map(key => {
    const value = variable(env, key);
    if (value !== undefined) return value;
    throw new ConfigurationError(`${key} is not set, as it is in a pod: run in a cluster, or set KUBECONFIG`);
  }) as [string, string];
  const bracketed = name.includes(':') && !name.startsWith('[') ? `[${name}]` : name;
  return serverUrl(`https://${bracketed}:${port}`, 'KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT');
}
