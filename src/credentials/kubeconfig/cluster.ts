import { ConfigurationError } from '../../errors.ts';
import type { TlsOptions } from '../../types.ts';
import type { Host } from '../host/host.ts';
import { serverUrl } from '../server-url.ts';
import { pemOf } from './pem.ts';
import type { Cluster } from './types.ts';

/** Where an API server is, and how to trust it. */
export interface Endpoint {
  readonly server: string;
  readonly tls: Pick<TlsOptions, 'ca' | 'serverName' | 'insecureSkipVerify'>;
  readonly proxyUrl?: string;
}

/** @param where what to call the entry in errors */
export async function endpointOf(cluster: Cluster, host: Host, where: string): Promise<Endpoint> {
  if (cluster.server === undefined) {
    throw new ConfigurationError(`${where}: expected server to be the URL of an API server, found none`);
  }
  const ca = await pemOf(host, cluster, 'certificate-authority', where);
  const insecure = cluster['insecure-skip-tls-verify'] === true;
  if (ca !== undefined && insecure) {
    throw new ConfigurationError(
      `${where}: found both certificate-authority(-data) and insecure-skip-tls-verify: keep one, best the CA`,
    );
  }
  const serverName = cluster['tls-server-name'];
  return {
    server: serverUrl(cluster.server, `${where}.server`),
    tls: {
      ...(ca !== undefined && { ca }),
      ...(serverName !== undefined && { serverName }),
      ...(insecure && { insecureSkipVerify: true }),
    },
    ...(cluster['proxy-url'] !== undefined && { proxyUrl: cluster['proxy-url'] }),
  };
}
