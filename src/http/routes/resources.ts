import { streamSSE } from 'hono/streaming';
import { Hono } from 'hono/tiny';
import { readable } from '../access.ts';
import { json } from '../answer.ts';
import type { ServiceEnv } from '../env.ts';
import { openEvents, sendEvents } from '../events.ts';
import type { Caller, Store } from '../model.ts';

/** Options of {@link resourcesRoutes}. */
export interface ResourcesRoutesOptions {
  readonly store: Store;
  /** Ends every event stream. */
  readonly closing?: AbortSignal;
  /** Milliseconds between comments that keep a quiet stream open. */
  readonly keepAlive: number;
}

/** What the service reported: as a list, and as it happens. A caller sees the resources that it may read. */
export function resourcesRoutes({ store, closing, keepAlive }: ResourcesRoutesOptions) {
  const list = async (caller: Caller) => readable(await store.list(), caller);
  return new Hono<ServiceEnv>()
    .get('/virtualmcpservers', async c => json(c, { items: await list(c.get('caller')) }, 200))
    .get('/events', async c => {
      const caller = c.get('caller');
      const events = openEvents(store, { closing, lastEventId: c.req.header('last-event-id') });
      const records = await list(caller).catch(error => {
        events.close();
        throw error;
      });
      // A HEAD request comes here as well; nobody would ever read its stream.
      if (c.req.raw.method === 'HEAD') {
        events.close();
        return c.body(null, 200, { 'content-type': 'text/event-stream' });
      }
      // Proxies such as nginx would keep events until they have a buffer full of them.
      c.header('x-accel-buffering', 'no');
      return streamSSE(c, stream => sendEvents(stream, { events, records, caller, keepAlive }));
    });
}
