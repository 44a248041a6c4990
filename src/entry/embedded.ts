import { staticCredentials } from '../credentials/static.ts';
import { createFakeApiServer } from '../testing/index.ts';
import type { Cluster } from './cluster.ts';
import type { Listen } from './listen.ts';

const demo = { namespace: 'default', name: 'demo' };

/** A fake API server with one VirtualMCPServer, on a loopback port of its own. */
export async function startEmbedded(listen: Listen): Promise<Cluster> {
  const api = createFakeApiServer({ objects: [demo] });
  const { url, stop } = await listen(request => api.app.fetch(request), { host: '127.0.0.1', port: 0 });
  const credentials = staticCredentials({ server: url, source: 'embedded API server' });
  return { ...demo, credentials, server: url, embedded: true, stop };
}
