import { describe, expect, it } from 'vitest';
import { createPlaces, limitConcurrency } from '../../src/transport/limit.ts';
import type { TransportResponse } from '../../src/types.ts';

const answer: TransportResponse = { status: 200, header: () => undefined, text: 'ok' };
const request = { method: 'GET', url: 'https://api.example/', headers: {} };

/** A transport whose requests wait until they are told to end. */
function manual() {
  const started: { url: string; end(): void; fail(error: Error): void }[] = [];
  return {
    started,
    request: ({ url }: { url: string }) =>
      new Promise<TransportResponse>((resolve, reject) => {
        started.push({ url, end: () => resolve(answer), fail: reject });
      }),
    close: async () => {},
  };
}

const turn = () => new Promise(resolve => setImmediate(resolve));

describe('limitConcurrency', () => {
  it('runs no more than allowed, in order', async () => {
    const inner = manual();
    const limited = limitConcurrency(inner, 2);
    const all = Promise.all(['a', 'b', 'c', 'd'].map(url => limited.request({ ...request, url })));
    await turn();
    expect(inner.started.map(({ url }) => url)).toEqual(['a', 'b']);
    inner.started[1]?.end();
    await turn();
    expect(inner.started.map(({ url }) => url)).toEqual(['a', 'b', 'c']);
    inner.started[0]?.end();
    inner.started[2]?.end();
    await turn();
    inner.started[3]?.end();
    expect(await all).toHaveLength(4);
  });

  it('gives the place of a failed request to the next', async () => {
    const inner = manual();
    const limited = limitConcurrency(inner, 1);
    const first = limited.request(request);
    const second = limited.request(request);
    await turn();
    inner.started[0]?.fail(new Error('reset'));
    await expect(first).rejects.toThrow('reset');
    await turn();
    inner.started[1]?.end();
    expect(await second).toBe(answer);
  });

  it('forgets who was aborted while waiting', async () => {
    const inner = manual();
    const limited = limitConcurrency(inner, 1);
    const first = limited.request(request);
    const abort = new AbortController();
    const second = limited.request({ ...request, url: 'second', signal: abort.signal });
    const third = limited.request({ ...request, url: 'third' });
    const reason = new Error('enough');
    abort.abort(reason);
    await expect(second).rejects.toBe(reason);
    inner.started[0]?.end();
    await first;
    await turn();
    expect(inner.started.map(({ url }) => url)).toEqual([request.url, 'third']);
    inner.started[1]?.end();
    await third;
  });

  it('refuses at once who comes aborted, and takes no place for it', async () => {
    const inner = manual();
    const limited = limitConcurrency(inner, 1);
    const reason = new Error('enough');
    await expect(limited.request({ ...request, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const next = limited.request(request);
    await turn();
    inner.started[0]?.end();
    expect(await next).toBe(answer);
  });

  it('leaves an abort after the turn has come to the request itself', async () => {
    const inner = manual();
    const limited = limitConcurrency(inner, 1);
    const first = limited.request(request);
    const abort = new AbortController();
    const second = limited.request({ ...request, url: 'second', signal: abort.signal });
    const third = limited.request({ ...request, url: 'third' });
    await turn();
    inner.started[0]?.end();
    await first;
    abort.abort(new Error('enough'));
    await turn();
    expect(inner.started.map(({ url }) => url)).toEqual([request.url, 'second']);
    inner.started[1]?.fail(new Error('aborted'));
    await expect(second).rejects.toThrow('aborted');
    await turn();
    inner.started[2]?.end();
    expect(await third).toBe(answer);
  });
});

describe('createPlaces', () => {
  it('gives a place at once while there is one', () => {
    const places = createPlaces(1);
    expect(places.enter()).toBeUndefined();
    expect(places.enter()).toBeInstanceOf(Promise);
  });

  it('lets who goes ahead pass those that wait', async () => {
    const places = createPlaces(1);
    const order: string[] = [];
    void places.enter();
    const waits = [
      places.enter()!.then(() => order.push('first')),
      places.enter()!.then(() => order.push('second')),
      places.enter(undefined, true)!.then(() => order.push('ahead')),
    ];
    for (let i = 0; i < 3; i++) {
      places.leave();
      await turn();
    }
    await Promise.all(waits);
    expect(order).toEqual(['ahead', 'first', 'second']);
  });

  it('keeps no place for who has gone', async () => {
    const places = createPlaces(1);
    const gone = new AbortController();
    void places.enter();
    const wait = places.enter(gone.signal);
    gone.abort(new Error('gone'));
    await expect(wait).rejects.toThrow('gone');
    await expect(places.enter(gone.signal)).rejects.toThrow('gone');
    places.leave();
    expect(places.enter()).toBeUndefined();
  });
});
