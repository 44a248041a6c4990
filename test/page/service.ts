// The page over records in memory, on a port of its own.
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono/tiny';
import type { ServiceEnv } from '../../src/http/env.ts';
import type { Caller, ResourceRecord } from '../../src/http/model.ts';
import { type PageOptions, pageRoutes } from '../../src/http/page/routes.tsx';
import { createMemoryStore, type MemoryStore } from '../../src/http/store.ts';

export interface PageService {
  readonly url: string;
  readonly port: number;
  readonly store: MemoryStore;
  /** As a process that ends: no stream outlives it. */
  stop(): Promise<void>;
}

export interface PageServiceOptions extends PageOptions {
  readonly records?: readonly ResourceRecord[];
  /** Default: any free one. */
  readonly port?: number;
  /** Default: may read everything. */
  readonly caller?: Caller;
}

const anybody: Caller = { name: 'anybody', partition: 'service', may: () => true };

export async function startPage(options: PageServiceOptions = {}): Promise<PageService> {
  const { records = [], port = 0, caller = anybody, ...pageOptions } = options;
  const store = createMemoryStore();
  for (const record of records) store.put(record);
  const app = new Hono<ServiceEnv>()
    .use(async (c, next) => {
      c.set('caller', caller);
      await next();
    })
    .route('/', pageRoutes(store, pageOptions));
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
