import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { type Listen, urlOf } from './listen.ts';
import { main } from './main.ts';

const listen: Listen = async (handler, { host, port }) => {
  const server = createAdaptorServer({
    fetch: (request, env) => {
      const { url } = (env as HttpBindings).incoming;
      return handler(request, url === undefined ? {} : { rawPath: url });
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return {
    url: urlOf(host, (server.address() as AddressInfo).port),
    stop: () => new Promise(resolve => server.close(() => resolve())),
  };
};

await main(listen);
