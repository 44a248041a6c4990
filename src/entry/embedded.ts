import { staticCredentials } from '../credentials/static.ts';
import { createFakeApiServer } from '../testing/index.ts';
import type { Cluster } from './cluster.ts';
import type { Listen } from './listen.ts';

const demo = { namespace: 'default', name: 'demo' };
const showcase = { namespace: 'default', name: 'demo-gateway' };

/** A fake API server with two VirtualMCPServers, one to try the service with and one to look at, on a loopback port of its own. */
export async function startEmbedded(listen: Listen): Promise<Cluster> {
  const api = createFakeApiServer({ objects: [demo, showcase] });
  const { url, stop } = await listen(request => api.app.fetch(request), { host: '127.0.0.1', port: 0 });
  const credentials = staticCredentials({ server: url, source: 'embedded API server' });
  return { ...demo, showcase, credentials, server: url, embedded: true, stop };
}
