import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readRefused } from '../../src/http/unread-body.ts';

/** A service that refuses everything; bodies of up to ten bytes are waited for. */
const app = new Hono()
  .put('/read', async c => {
    const text = await c.req.text();
    await readRefused(c, 10, 1_000);
    return c.text(text, 400);
  })
  .put('/', async c => {
    await readRefused(c, 10, 1_000);
    return c.text('refused', 401);
  });

/** Sends a body byte by byte; one that `stalls` never ends. */
function send(path: string, { length = 5, told = true, stalls = false } = {}) {
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
  const headers = told ? { 'content-length': String(length) } : {};
  const init = { method: 'PUT', body, duplex: 'half', headers };
  return { seen, answer: Promise.resolve(app.request(path, init as RequestInit)) };
}

describe('the body of a refused request', () => {
  it('is read to its end before the answer', async () => {
    const { seen, answer } = send('/');
    expect((await answer).status).toBe(401);
    expect(seen).toStrictEqual({ sent: 5, ended: true, cancelled: false });
  });

  it.each([
    ['that is too large', '/', { length: 11 }],
    ['whose length nobody told', '/', { told: false }],
  ])('is left alone: one %s', async (_, path, options) => {
    const { seen, answer } = send(path, options);
    await answer;
    expect(seen.sent).toBe(0);
  });

  it('is not read twice', async () => {
    const { answer } = send('/read');
    expect([(await answer).status, (await (await answer).text()).length]).toStrictEqual([400, 5]);
  });

  describe('that does not come', () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it('is given up, and answered all the same', async () => {
      const { seen, answer } = send('/', { stalls: true });
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
