import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Authenticate } from '../../src/http/app.ts';
import { unauthenticated } from '../../src/http/auth/authenticate.ts';
import { readRefused } from '../../src/http/unread-body.ts';
import { json, path, serviceOf } from './stub.ts';

/** Refuses everything unread, unless it is asked for `/taken`; bodies of up to ten bytes are waited for. */
const small = new Hono()
  .use(readRefused(10, 1_000))
  .put('/taken', c => c.text('taken'))
  .put('/read', async c => c.text(await c.req.text(), 400))
  .put('/', c => c.text('refused', 401));

interface Service {
  request(path: string, init: RequestInit): Response | Promise<Response>;
}

interface Sending {
  method?: string;
  headers?: Record<string, string>;
  length?: number;
  told?: boolean;
  stalls?: boolean;
}

/** Sends a body byte by byte; one that `stalls` never ends. */
function send(app: Service, path: string, sending: Sending = {}) {
  const { method = 'PUT', length = 5, told = true, stalls = false } = sending;
  const seen = { sent: 0, ended: false, cancelled: false };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (seen.sent < length) controller.enqueue(Uint8Array.of(seen.sent++));
        else if (stalls) return new Promise<void>(() => {});
        else {
          seen.ended = true;
          controller.close();
        }
      },
      cancel: () => {
        seen.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  const headers = { ...sending.headers, ...(told && { 'content-length': String(length) }) };
  const init = { method, body, duplex: 'half', headers };
  return { seen, answer: Promise.resolve(app.request(path, init as RequestInit)) };
}

describe('the body of a refused request', () => {
  it('is read to its end before the answer', async () => {
    const { seen, answer } = send(small, '/');
    expect((await answer).status).toBe(401);
    expect(seen).toStrictEqual({ sent: 5, ended: true, cancelled: false });
  });

  it.each([
    ['of a request that was taken', '/taken', {}],
    ['that is too large', '/', { length: 11 }],
    ['whose length nobody told', '/', { told: false }],
  ])('is left alone: one %s', async (_, path, options) => {
    const { seen, answer } = send(small, path, options);
    await answer;
    expect(seen.sent).toBe(0);
  });

  it('is not read twice', async () => {
    const { answer } = send(small, '/read');
    expect([(await answer).status, (await (await answer).text()).length]).toStrictEqual([400, 5]);
  });

  describe('that does not come', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it('is given up, and answered all the same', async () => {
      const { seen, answer } = send(small, '/', { stalls: true });
      let answered = false;
      void answer.then(() => (answered = true));
      await vi.advanceTimersByTimeAsync(999);
      expect(answered).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      expect((await answer).status).toBe(401);
      expect(seen).toStrictEqual({ sent: 5, ended: false, cancelled: true });
    });
  });
});

describe('the service', () => {
  const authenticate: Authenticate = request => {
    if (!request.headers.has('authorization')) throw unauthenticated(request);
    return { name: 'edge', partition: 'service', may: (_, { name }) => name === 'demo' };
  };
  const app = { authenticate, maxBody: 10, timeout: 200 };
  const headers = { ...json, authorization: 'Bearer good' };
  const refused: [number, string, Sending][] = [
    [400, '/v1//status', { headers }],
    [401, path, { headers: json }],
    [403, path.replace('demo', 'other'), { headers }],
    [404, '/none', { headers }],
    [405, path, { headers, method: 'DELETE' }],
    [413, path, { headers, length: 11 }],
    [415, path, { headers: { ...headers, 'content-type': 'text/plain' } }],
  ];

  it.each(refused)('reads the body that it answers with %i', async (status, path, sending) => {
    const { seen, answer } = send(serviceOf({ app }).app, path, sending);
    expect((await answer).status).toBe(status);
    expect(seen.ended).toBe(true);
  });

  it('leaves one alone that is more than eight times as long as it takes them', async () => {
    const { seen, answer } = send(serviceOf({ app }).app, path, { headers, length: 81 });
    expect((await answer).status).toBe(413);
    expect(seen.sent).toBe(0);
  });

  it('refuses whose body does not come for what they are, not for the time', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { app: slow, logged } = serviceOf({ app });
    const { answer } = send(slow, path, { headers: json, stalls: true });
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await answer).status).toBe(401);
    expect(logged).toStrictEqual([expect.stringMatching(/^info .*401/)]);
  });
});
