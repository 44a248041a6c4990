import { describe, expect, it } from 'vitest';
import { createLatestQueue } from '../../src/reporter/kubernetes/queue.ts';

/** A queue whose deliveries end when the test says so. */
function manual() {
  const delivered: string[] = [];
  const ends: { resolve(result: string): void; reject(error: unknown): void }[] = [];
  const queue = createLatestQueue<string, string>(
    item => {
      delivered.push(item);
      return new Promise((resolve, reject) => ends.push({ resolve, reject }));
    },
    item => `${item} superseded`,
  );
  const settled = async () => new Promise(resolve => setImmediate(resolve));
  return { queue, delivered, ends, settled };
}

describe('the queue of reports', () => {
  it('delivers one at a time', async () => {
    const { queue, delivered, ends, settled } = manual();
    const [a, b] = [queue.push('a'), queue.push('b')];
    await settled();
    expect(delivered).toEqual(['a']);
    ends[0]!.resolve('a done');
    await settled();
    expect(delivered).toEqual(['a', 'b']);
    ends[1]!.resolve('b done');
    expect(await Promise.all([a, b])).toEqual(['a done', 'b done']);
  });

  it('is free as soon as a delivery is known to be over: what comes then need not wait', async () => {
    const { queue, delivered, ends } = manual();
    const a = queue.push('a');
    ends[0]!.resolve('a done');
    await a;
    expect(queue.busy()).toBe(false);
    const b = queue.push('b');
    expect(delivered).toEqual(['a', 'b']);
    ends[1]!.reject(new Error('b failed'));
    await expect(b).rejects.toThrow('b failed');
    expect(queue.busy()).toBe(false);
  });

  it('keeps only the latest of those that wait; the others are superseded at once', async () => {
    const { queue, delivered, ends, settled } = manual();
    void queue.push('a');
    const [b, c] = [queue.push('b'), queue.push('c')];
    expect(await b).toBe('b superseded');
    ends[0]!.resolve('');
    await settled();
    expect(delivered).toEqual(['a', 'c']);
    ends[1]!.resolve('c done');
    expect(await c).toBe('c done');
  });

  it('goes on after a delivery that failed', async () => {
    const { queue, ends, settled } = manual();
    const a = queue.push('a');
    const b = queue.push('b');
    ends[0]!.reject(new Error('a failed'));
    await expect(a).rejects.toThrow('a failed');
    await settled();
    ends[1]!.resolve('b done');
    expect(await b).toBe('b done');
    await settled();
    expect(queue.busy()).toBe(false);
  });

  it('drops one that waits when its signal fires, and leaves one under way to its own signal', async () => {
    const { queue, delivered, ends, settled } = manual();
    const controller = new AbortController();
    const a = queue.push('a', controller.signal);
    const b = queue.push('b', controller.signal);
    controller.abort(new Error('no longer'));
    await expect(b).rejects.toThrow('no longer');
    ends[0]!.resolve('a done');
    expect(await a).toBe('a done');
    await settled();
    expect(delivered).toEqual(['a']);
  });

  it('is idle when nothing is under way or waiting', async () => {
    const { queue, ends, settled } = manual();
    await queue.idle();
    void queue.push('a');
    void queue.push('b');
    let idle = false;
    void queue.idle().then(() => {
      idle = true;
    });
    ends[0]!.resolve('');
    await settled();
    expect(idle).toBe(false);
    ends[1]!.resolve('');
    await settled();
    expect(idle).toBe(true);
  });
});
