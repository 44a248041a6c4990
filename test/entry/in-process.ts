import type { Listen } from '../../src/entry/listen.ts';
import { type Service, startService } from '../../src/entry/service.ts';

const server = 'https://kubernetes.internal';
const nothing = () => {};

/**
 * A service in this process, behind a server that a test makes up, before a cluster that nobody reaches.
 *
 * @param onStop told when the service ends its cluster
 */
export function serviceBehind(listen: Listen, onStop = nothing): Promise<Service> {
  return startService({
    cluster: {
      credentials: { source: 'test', access: async () => ({ server }) },
      server,
      embedded: true,
      namespace: 'default',
      name: 'demo',
      stop: async () => onStop(),
    },
    address: { host: '127.0.0.1', port: 0 },
    listen,
    logger: { debug: nothing, info: nothing, warn: nothing, error: nothing },
  });
}
