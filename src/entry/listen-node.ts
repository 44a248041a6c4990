import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { type Listen, urlOf } from './listen.ts';

/** With `node:http`, which hands over the path as it was sent. */
export const listen: Listen = async (handler, { host, port }) => {
  const server = createAdaptorServer({
    fetch: (request, env) => handler(request, env as HttpBindings),
  }) as Server;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return {
    url: urlOf(host, (server.address() as AddressInfo).port),
    stop: () =>
      new Promise(resolve => {
        // `close` ends the connections that are idle now; those that become so would be kept for seconds.
        const sweep = setInterval(() => server.closeIdleConnections(), 50);
        server.close(() => {
          clearInterval(sweep);
          resolve();
        });
      }),
  };
};
