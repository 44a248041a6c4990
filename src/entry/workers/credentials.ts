import { type Environment, variable } from '../../credentials/env.ts';
import { staticCredentials } from '../../credentials/static.ts';
import { defined } from '../../defined.ts';
import { ConfigurationError } from '../../errors.ts';
import type { Credentials } from '../../types.ts';

/**
 * Who the Worker is at the API server: `VMCP_KUBERNETES_SERVER` and `VMCP_KUBERNETES_TOKEN`. No kubeconfig: what reads one
 * is half the size of the service, for a file of which two values can be used here. What is wrong rejects at `access()`.
 */
export function credentialsOf(env: Environment): Credentials {
  const [server, token] = ['VMCP_KUBERNETES_SERVER', 'VMCP_KUBERNETES_TOKEN'].map(name =>
    variable(env, name),
  );
  const fault = faultOf(env, server);
  if (server === undefined || fault !== undefined) {
    return {
      source: 'no credentials',
      access: () => Promise.reject(new ConfigurationError(fault ?? '')),
    };
  }
  return staticCredentials({ server, source: 'VMCP_KUBERNETES_SERVER', ...defined({ token }) });
}

function faultOf(env: Environment, server: string | undefined): string | undefined {
  if (server === undefined) {
    const found = variable(env, 'VMCP_KUBECONFIG') ? 'VMCP_KUBECONFIG' : 'none';
    return `Expected the URL of the API server in VMCP_KUBERNETES_SERVER, and a token in the secret VMCP_KUBERNETES_TOKEN, found ${found}. The service on Workers reads no kubeconfig: take both from there.`;
  }
  const tls = ['VMCP_KUBERNETES_CA', 'VMCP_KUBERNETES_SERVER_NAME'].find(name => variable(env, name));
  if (tls === undefined || env['API_SERVER'] !== undefined) return undefined;
  return `${tls} is set, but a Worker cannot be told from code what to trust: use a publicly trusted name, or bind API_SERVER to something whose fetch reaches the API server.`;
}
