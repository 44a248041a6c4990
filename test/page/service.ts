// The service over records in memory, on a port of its own.
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { MemoryStore } from '../../src/http/app.ts';
import type { Authenticate, ResourceRecord } from '../../src/http/model.ts';
import { serviceOf } from '../http/stub.ts';

export interface PageService {
  readonly url: string;
  readonly port: number;
  readonly store: MemoryStore;
  /** As a process that ends: no stream outlives it. */
  stop(): Promise<void>;
}

export interface PageServiceOptions {
  readonly records?: readonly ResourceRecord[];
  /** Default: any free one. */
  readonly port?: number;
  /** Default: everybody may everything. */
  readonly authenticate?: Authenticate;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

export async function startPage(options: PageServiceOptions = {}): Promise<PageService> {
  const { records = [], port = 0, authenticate, now } = options;
  const { app, store } = serviceOf({ app: { ...(authenticate && { authenticate }), ...(now && { now }) } });
  for (const record of records) store.put(record);
  const server = await new Promise<ReturnType<typeof serve>>(resolve => {
    const started = serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, () => resolve(started));
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}/`,
    port: address.port,
    store,
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
