import { describe, expect, it } from 'vitest';
import { createPlaces } from '../../src/transport/places.ts';

const turn = () => new Promise(resolve => setImmediate(resolve));

describe('places', () => {
  it('are given at once while there are any', () => {
    const places = createPlaces(2);
    expect(places.enter()).toBeUndefined();
    expect(places.enter()).toBeUndefined();
    expect(places.enter()).toBeInstanceOf(Promise);
  });

  it('are given in order, and first to who goes ahead', async () => {
    const places = createPlaces(1);
    const order: string[] = [];
    void places.enter();
    const waits = [
      places.enter()!.then(() => order.push('first')),
      places.enter()!.then(() => order.push('second')),
      places.enter(undefined, true)!.then(() => order.push('ahead')),
    ];
    await turn();
    expect(order).toEqual([]);
    for (let i = 0; i < 3; i++) {
      places.leave();
      await turn();
      expect(order).toHaveLength(i + 1);
    }
    await Promise.all(waits);
    expect(order).toEqual(['ahead', 'first', 'second']);
  });

  it('are not kept for who has gone, nor taken by who comes aborted', async () => {
    const places = createPlaces(1);
    const gone = new AbortController();
    void places.enter();
    const wait = places.enter(gone.signal);
    const next = places.enter();
    gone.abort(new Error('gone'));
    await expect(wait).rejects.toThrow('gone');
    await expect(places.enter(gone.signal)).rejects.toThrow('gone');
    places.leave();
    await next;
    places.leave();
    expect(places.enter()).toBeUndefined();
  });

  it('stay with who has got one, whatever is aborted then', async () => {
    const places = createPlaces(1);
    const abort = new AbortController();
    void places.enter();
    const second = places.enter(abort.signal);
    const third = places.enter();
    places.leave();
    await second;
    abort.abort(new Error('too late'));
    let admitted = false;
    void third!.then(() => {
      admitted = true;
    });
    await turn();
    expect(admitted).toBe(false);
    places.leave();
    await third;
  });
});
