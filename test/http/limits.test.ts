import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { json, path, problemOf, serviceOf } from './stub.ts';

/** A report of exactly so many bytes. */
const sized = (bytes: number) => '{"phase":"Ready"}'.padEnd(bytes);

describe('a body that is too large', () => {
  it('is a 413, with and without a length', async () => {
    const { app, put, reported } = serviceOf({ app: { maxBody: 100 } });
    const large = JSON.stringify({ phase: 'Ready', message: 'x'.repeat(100) });
    const headers = { 'content-type': 'application/json' };
    const chunked = new ReadableStream({
      start(controller) {
        for (const part of large.match(/.{1,30}/g)!) controller.enqueue(new TextEncoder().encode(part));
        controller.close();
      },
    });
    const streamed = app.request(path, {
      method: 'PUT',
      headers,
      body: chunked,
      duplex: 'half',
    } as RequestInit);
    for (const answer of [
      await put(large, { ...headers, 'content-length': String(large.length) }),
      await streamed,
    ]) {
      expect(answer.status).toBe(413);
      expect(await problemOf(answer)).toMatchObject({
        code: 'too_large',
        detail: expect.stringContaining('100 bytes'),
      });
    }
    expect(reported).toStrictEqual([]);
    expect((await put({ phase: 'Ready' })).status).toBe(200);
  });

  it('is one of more than 1 MiB where nobody says', async () => {
    const { put } = serviceOf();
    expect((await put(sized(1024 * 1024))).status).toBe(200);
    const length = { ...json, 'content-length': String(1024 * 1024 + 1) };
    for (const headers of [json, length])
      expect((await put(sized(1024 * 1024 + 1), headers)).status).toBe(413);
  });
});

describe('a body that takes its time', () => {
  it('is waited for only so long: 408', async () => {
    const { app, reported } = serviceOf({ app: { bodyTimeout: 20 } });
    const never = new ReadableStream({
      start: controller => controller.enqueue(new TextEncoder().encode('{"phase":')),
    });
    const init = { method: 'PUT', headers: json, body: never, duplex: 'half' };
    const answer = await app.request(path, init as RequestInit);
    expect([answer.status, (await answer.json()).code]).toStrictEqual([408, 'slow_body']);
    expect(reported).toStrictEqual([]);
  });

  it('that breaks off is no fault of the service: 400', async () => {
    const { app } = serviceOf();
    for (const headers of [json, { ...json, 'content-length': '10' }]) {
      const body = new ReadableStream({ start: controller => controller.error(new Error('reset')) });
      const answer = await app.request(path, { method: 'PUT', headers, body, duplex: 'half' } as RequestInit);
      expect([answer.status, (await answer.json()).code]).toStrictEqual([400, 'malformed']);
    }
  });
});

describe('an answer that takes too long', () => {
  it('is not waited for: 504', async () => {
    const { put } = serviceOf({ report: () => new Promise(() => {}), app: { timeout: 20 } });
    const answer = await put({ phase: 'Ready' });
    expect([answer.status, (await answer.json()).code]).toStrictEqual([504, 'timeout']);
  });
});

describe('where nobody says', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Milliseconds until the answer is there. */
  async function timed(answer: Response | Promise<Response>): Promise<[number, number]> {
    const started = Date.now();
    const end = Promise.resolve(answer).then(({ status }): [number, number] => [
      Date.now() - started,
      status,
    ]);
    await vi.advanceTimersByTimeAsync(100_000);
    return end;
  }

  it('a body may take 10 s, and an answer 60 s', async () => {
    const { app, put } = serviceOf({ report: () => new Promise(() => {}) });
    const init = { method: 'PUT', headers: json, body: new ReadableStream(), duplex: 'half' };
    expect(await timed(app.request(path, init as RequestInit))).toStrictEqual([10_000, 408]);
    expect(await timed(put({ phase: 'Ready' }))).toStrictEqual([60_000, 504]);
  });

  it('a quiet event stream is kept alive every 5 s', async () => {
    const answer = await serviceOf().app.request('/v1/events');
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe('retry: 1000\n\n');
    const next = reader.read();
    await vi.advanceTimersByTimeAsync(4_999);
    expect(await Promise.race([next, Promise.resolve('quiet')])).toBe('quiet');
    await vi.advanceTimersByTimeAsync(1);
    expect((await next).value).toBe(': keep-alive\n\n');
  });
});
