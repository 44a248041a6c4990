import { describe, expect, it, onTestFinished } from 'vitest';
import { type FollowOptions, follow } from '../../src/api/follow.ts';
import { watchEvents } from '../../src/api/watch.ts';
import { StatusReporterError } from '../../src/errors.ts';
import { givenTransport } from '../../src/transport/given.ts';
import type { TransportRequest, TransportResponse } from '../../src/types.ts';

const bytes = new TextEncoder();
const object = (resourceVersion: number, name = 'demo', message = '') => ({
  metadata: { namespace: 'default', name, resourceVersion: String(resourceVersion) },
  status: { message },
});
const list = (resourceVersion: number, ...items: object[]) => ({
  status: 200,
  text: JSON.stringify({ metadata: { resourceVersion: String(resourceVersion) }, items }),
});
const events = (...lines: object[]) => ({ status: 200, lines });
const refusal = (code: number, reason: string) => ({
  status: code,
  text: JSON.stringify({ kind: 'Status', code, reason, message: reason }),
});
const bookmark = (resourceVersion: number) => ({ type: 'BOOKMARK', object: object(resourceVersion) });

type Step = { status: number; text?: string; lines?: object[] } | Error;

/** An API server that answers step by step; after the last one it keeps quiet. */
function scripted(steps: Step[], options: Partial<FollowOptions> = {}) {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const requests: TransportRequest[] = [];
  const refreshed: boolean[] = [];
  const interruptions: unknown[] = [];
  const queue = [...steps];

  async function answer(request: TransportRequest): Promise<TransportResponse> {
    requests.push(request);
    const step = queue.shift();
    if (step === undefined) {
      await new Promise((_, reject) => request.signal?.addEventListener('abort', reject));
    }
    if (step instanceof Error) throw step;
    const { status, text = '', lines = [] } = step!;
    async function* body() {
      for (const line of lines) yield bytes.encode(`${JSON.stringify(line)}\n`);
    }
    const streams = request.stream === true && status === 200;
    const header = () => 'application/json';
    return { status, header, text, body: streams ? body() : undefined };
  }

  const changes = follow({
    scope: { namespace: 'default', name: 'demo' },
    signal: controller.signal,
    random: () => 0,
    onInterruption: error => interruptions.push(error),
    async connect({ refresh }) {
      refreshed.push(refresh);
      return {
        access: { server: 'https://k8s.test', token: 'secret' },
        transport: givenTransport({ request: answer, close: async () => {} }),
      };
    },
    ...options,
  });

  /** The next changes: what happened, to whom, at which resourceVersion. */
  async function next(count: number): Promise<string[]> {
    const told: string[] = [];
    while (told.length < count) {
      const { value, done } = await changes.next();
      if (done === true) break;
      told.push(`${value.type} ${value.object.metadata.name} ${value.object.metadata.resourceVersion}`);
    }
    return told;
  }
  const queries = () =>
    requests
      .map(({ url }) => Object.fromEntries(new URL(url).searchParams))
      .map(({ timeoutSeconds, ...rest }) => rest);
  return { changes, next, requests, queries, refreshed, interruptions, abort: () => controller.abort() };
}

const selector = { fieldSelector: 'metadata.name=demo' };
const watching = (resourceVersion: number) => ({
  ...selector,
  watch: 'true',
  allowWatchBookmarks: 'true',
  resourceVersion: String(resourceVersion),
});

describe('follow', () => {
  it('lists, then watches from there', async () => {
    const { next, requests, queries } = scripted([
      list(10, object(7)),
      events({ type: 'MODIFIED', object: object(11) }, { type: 'DELETED', object: object(12) }),
    ]);
    expect(await next(3)).toStrictEqual(['ADDED demo 7', 'MODIFIED demo 11', 'DELETED demo 12']);
    expect(queries()).toStrictEqual([selector, watching(10)]);
    expect(requests[1]?.headers).toMatchObject({ authorization: 'Bearer secret' });
    expect(requests[0]?.url).toMatch(/\/v1beta1\/namespaces\/default\/virtualmcpservers\?/);
  });

  it('goes on where a watch ended, bookmarks included, without another list', async () => {
    const { next, queries, interruptions } = scripted([
      list(10),
      events(bookmark(25)),
      events({ type: 'ADDED', object: object(26) }),
    ]);
    expect(await next(1)).toStrictEqual(['ADDED demo 26']);
    expect(queries()).toStrictEqual([selector, watching(10), watching(25)]);
    // An answer that ends at once is waited for a little, and said.
    expect(interruptions).toHaveLength(1);
  });

  it.each([
    ['as an event', events({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } })],
    ['as an answer', refusal(410, 'Expired')],
  ])('lists again when what it knows has expired (%s), and tells what it missed', async (_, expired) => {
    const { next, queries } = scripted([
      list(10, object(1, 'kept'), object(2, 'changed'), object(3, 'gone')),
      expired,
      list(50, object(1, 'kept'), object(40, 'changed'), object(41, 'new')),
      events({ type: 'DELETED', object: object(51, 'kept') }),
    ]);
    await next(3);
    expect(await next(4)).toStrictEqual([
      'MODIFIED changed 40',
      'ADDED new 41',
      'DELETED gone 3',
      'DELETED kept 51',
    ]);
    expect(queries()).toStrictEqual([selector, watching(10), selector, watching(50)]);
  });

  it('tries again while the API server is away, and says so', async () => {
    const away = new StatusReporterError('unavailable', 'connect ECONNREFUSED');
    const { next, queries, interruptions } = scripted([
      list(10, object(1)),
      away,
      refusal(503, 'ServiceUnavailable'),
      new Error('socket hang up'),
      events({ type: 'MODIFIED', object: object(11) }),
    ]);
    expect(await next(2)).toStrictEqual(['ADDED demo 1', 'MODIFIED demo 11']);
    expect(queries().slice(1)).toStrictEqual(Array(4).fill(watching(10)));
    expect(interruptions).toHaveLength(3);
  });

  it('reads its credentials again after a 401, once', async () => {
    const unauthorized = refusal(401, 'Unauthorized');
    const renewed = scripted([list(10), unauthorized, events({ type: 'ADDED', object: object(11) })]);
    expect(await renewed.next(1)).toStrictEqual(['ADDED demo 11']);
    expect(renewed.refreshed).toStrictEqual([false, false, true]);
    const refused = scripted([list(10), unauthorized, unauthorized]);
    await expect(refused.next(1)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('ends with what the API server will say again', async () => {
    const forbidden = refusal(403, 'Forbidden');
    await expect(scripted([forbidden]).next(1)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(scripted([list(10), forbidden]).next(1)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('asks which version is served where the first guess is wrong', async () => {
    const { next, requests } = scripted([
      { status: 404, text: '404 page not found' },
      { status: 200, text: JSON.stringify({ versions: [{ version: 'v1alpha1' }] }) },
      list(10, object(1)),
    ]);
    expect(await next(1)).toStrictEqual(['ADDED demo 1']);
    expect(requests[2]?.url).toContain('/v1alpha1/');
  });

  it('ends quietly when its signal fires, whatever it is doing', async () => {
    const quiet = scripted([list(10)]);
    const waiting = quiet.next(1);
    await expect.poll(() => quiet.requests.length).toBe(2);
    quiet.abort();
    expect(await waiting).toStrictEqual([]);
    const early = scripted([list(10, object(1))]);
    early.abort();
    expect(await early.next(1)).toStrictEqual([]);
  });
});

describe('watchEvents', () => {
  async function read(...chunks: Uint8Array[]) {
    async function* body() {
      yield* chunks;
    }
    const found: unknown[] = [];
    for await (const event of watchEvents(body(), 'Watching')) found.push(event);
    return found;
  }

  it('puts lines together, wherever the bytes were cut', async () => {
    const lines = [1, 2].map(version => ({ type: 'MODIFIED', object: object(version, 'démo → ✓') }));
    const all = bytes.encode(lines.map(line => `${JSON.stringify(line)}\n`).join(''));
    for (let cut = 1; cut < all.length; cut += 7) {
      expect(await read(all.subarray(0, cut), all.subarray(cut))).toStrictEqual(lines);
    }
  });

  it('does not take half a line for a whole one', async () => {
    await expect(read(bytes.encode('{"type":"MODIF'))).rejects.toMatchObject({ code: 'unavailable' });
  });
});
