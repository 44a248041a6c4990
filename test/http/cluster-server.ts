// The fake API server on a socket, for services in other processes.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createFakeApiServer } from '../../src/testing/index.ts';

/** With the resource `default/demo`. The caller disposes of it. */
export async function startCluster() {
  const api = createFakeApiServer({ objects: [{ namespace: 'default', name: 'demo' }] });
  const server = createServer(getRequestListener(request => api.app.fetch(request)));
  let connections = 0;
  server.on('connection', () => connections++);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    api,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** How many were ever opened. */
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
