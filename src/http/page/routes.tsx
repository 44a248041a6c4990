import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { Hono } from 'hono/tiny';
import { readable } from '../access.ts';
import type { ServiceEnv } from '../env.ts';
import type { Caller, ResourceRecord, Store } from '../model.ts';
import { contentPolicy, createNonce } from '../policy.ts';
import { textOf } from '../texts.ts';
import { fillPage } from './document.tsx';
import { heartbeat } from './heartbeat.ts';
import { bunches, createView } from './live.tsx';

/** Options of {@link pageRoutes}. */
export interface PageOptions {
  /** Ends the event streams: a server that shuts down would wait for them. Default: only their readers end them. */
  readonly closing?: AbortSignal;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** Milliseconds within which changes are shown together. */
const pause = 150;
/** Milliseconds after which a stream ends and the page comes back, so that who may read is asked anew. */
const longest = 15 * 60_000;
/** Milliseconds for a reader to take what was sent before the end; then it is cut off. */
const farewell = 1_000;

/**
 * The page at `/`, and the stream at `/page/events` that keeps it live. Both show what the caller, whom the service has put
 * into the context, may read.
 */
export function pageRoutes(store: Store, options: PageOptions = {}) {
  const { closing, now = Date.now } = options;
  return new Hono<ServiceEnv>()
    .get('/', async c => {
      const records = await readable(await store.list(), c.get('caller'));
      const nonce = createNonce();
      const page = fillPage(await textOf('page.html'), { records, now: now(), nonce });
      return c.html(page, 200, { 'content-security-policy': pagePolicy(nonce) });
    })
    .get('/page/events', async c => {
      // A HEAD request comes here as well; nobody would ever read its stream.
      if (c.req.raw.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' });
      const caller = c.get('caller');
      const life = lifetime(closing);
      // Listens before it looks, so that nothing falls between.
      const changes = store.changes(life.signal)[Symbol.asyncIterator]();
      const seen = await Promise.resolve(store.list())
        .then(records => readable(records, caller))
        .catch(error => {
          life.end();
          throw error;
        });
      // Proxies such as nginx would keep events until they have a buffer full of them.
      c.header('x-accel-buffering', 'no');
      return streamSSE(c, async stream => {
        stream.onAbort(life.end);
        // A reader that takes nothing must not hold up the shutdown.
        let cut: ReturnType<typeof setTimeout> | undefined;
        const part = () => {
          cut = setTimeout(() => stream.abort(), farewell);
        };
        life.signal.addEventListener('abort', part, { once: true });
        try {
          await follow(stream, { changes, seen, caller, signal: life.signal, now });
        } finally {
          life.end();
          clearTimeout(cut);
        }
      });
    });
}

/** What the page needs: its own style and script, its icon, and the stream. */
function pagePolicy(nonce: string): string {
  const ours = `'nonce-${nonce}'`;
  return contentPolicy({
    'script-src': ours,
    'style-src': ours,
    'img-src': 'data:',
    'connect-src': "'self'",
  });
}

/** Sends what the caller sees, and then what changes of it, until the signal fires or nobody can tell what it may read. */
async function follow(
  stream: SSEStreamingApi,
  options: {
    readonly changes: AsyncIterator<ResourceRecord>;
    readonly seen: readonly ResourceRecord[];
    readonly caller: Caller;
    readonly signal: AbortSignal;
    readonly now: () => number;
  },
): Promise<void> {
  const { changes, seen, caller, signal, now } = options;
  const send = (event: string, data: string) => stream.writeSSE({ event, data });
  const view = createView(seen);
  await send('update', JSON.stringify(view.all(now())));
  for await (const bunch of bunches(changes, { signal, pause, heartbeat })) {
    const records = await readable(bunch, caller).catch(() => undefined);
    // Who connects again is told why.
    if (records === undefined) return;
    const update = view.put(records, now());
    if (update === undefined) await send('beat', '');
    else await send('update', JSON.stringify(update));
  }
}

/** Until the reader leaves, the service shuts down, or it has been long enough. */
function lifetime(closing: AbortSignal | undefined): { signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  const end = () => {
    clearTimeout(timer);
    closing?.removeEventListener('abort', end);
    controller.abort();
  };
  const timer = setTimeout(end, longest);
  if (closing?.aborted) end();
  else closing?.addEventListener('abort', end, { once: true });
  return { signal: controller.signal, end };
}
