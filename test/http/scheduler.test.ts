import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFairQueue } from '../../src/http/fair-queue.ts';
import { createScheduler, type SchedulerOptions } from '../../src/http/scheduler.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const forever = new AbortController().signal;

/** A scheduler whose requests take as long as a test says, and the order in which they began. */
function scheduled(options: SchedulerOptions, duration = 0) {
  const scheduler = createScheduler(options);
  const began: string[] = [];
  const begin = (key: string, signal = forever) =>
    scheduler.run(
      key,
      async () => {
        began.push(key);
        if (duration > 0) await new Promise(resolve => setTimeout(resolve, duration));
        return key;
      },
      { signal },
    );
  return { scheduler, began, begin };
}

describe('a queue that takes turns', () => {
  it('serves keys one after the other, each in its own order', () => {
    const queue = createFairQueue<string>();
    for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'b2']) queue.push(item.charAt(0), item);
    const served = Array.from({ length: 7 }, () => queue.shift());
    expect(served).toStrictEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', undefined]);
  });

  it('lets every key wait for at most one item of each other key', () => {
    const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 80 });
    fc.assert(
      fc.property(keys, pushed => {
        const queue = createFairQueue<string>();
        for (const key of pushed) queue.push(key, key);
        const served = pushed.map(() => queue.shift()!);
        for (const key of new Set(pushed)) {
          const turns = served.flatMap((item, index) => (item === key ? [index] : []));
          const gaps = turns.map((turn, n) => turn - (turns[n - 1] ?? -1));
          expect(Math.max(...gaps)).toBeLessThanOrEqual(4);
        }
        expect(served.toSorted()).toStrictEqual(pushed.toSorted());
      }),
    );
  });

  it('forgets what is removed', () => {
    const queue = createFairQueue<string>();
    queue.push('a', 'a1');
    queue.push('a', 'a2');
    expect([queue.remove('a', 'a1'), queue.remove('a', 'a1'), queue.remove('b', 'a2')]).toStrictEqual([
      true,
      false,
      false,
    ]);
    expect([queue.size, queue.shift(), queue.size, queue.shift()]).toStrictEqual([1, 'a2', 0, undefined]);
    queue.push('a', 'a3');
    queue.remove('a', 'a3');
    queue.push('b', 'b1');
    expect([queue.size, queue.shift(), queue.shift()]).toStrictEqual([1, 'b1', undefined]);
  });
});

describe('requests to the API server', () => {
  it('are never more at once than the limit', async () => {
    const { scheduler, begin, began } = scheduled({ concurrency: 3 }, 100);
    const all = Array.from({ length: 7 }, (_, n) => begin(`r${n}`));
    expect([scheduler.active, scheduler.waiting, began.length]).toStrictEqual([3, 4, 3]);
    await vi.advanceTimersByTimeAsync(100);
    expect([scheduler.active, scheduler.waiting]).toStrictEqual([3, 1]);
    await vi.advanceTimersByTimeAsync(200);
    expect(await Promise.all(all)).toHaveLength(7);
    expect([scheduler.active, scheduler.waiting]).toStrictEqual([0, 0]);
  });

  it('are never more per second than the limit, after a burst', async () => {
    const { begin, began } = scheduled({ concurrency: 1000, requestsPerSecond: 10, burst: 5 });
    for (let n = 0; n < 40; n++) void begin(`r${n}`);
    expect(began).toHaveLength(5);
    for (const second of [1, 2, 3]) {
      await vi.advanceTimersByTimeAsync(1000);
      expect(began).toHaveLength(5 + 10 * second);
    }
  });

  it('wait for their time once, and no longer', async () => {
    const { begin, began } = scheduled({ requestsPerSecond: 10, burst: 1 });
    const timers = vi.spyOn(globalThis, 'setTimeout');
    for (let n = 0; n < 3; n++) void begin('a');
    for (const turn of [1, 2]) {
      await vi.advanceTimersByTimeAsync(99);
      expect(began).toHaveLength(turn);
      await vi.advanceTimersByTimeAsync(1);
      expect(began).toHaveLength(turn + 1);
    }
    expect(timers.mock.calls.map(([, wait]) => wait)).toStrictEqual([100, 100]);
  });

  it('are 16 at once, 50 in a second and 100 in a burst where nobody says', async () => {
    const atOnce = scheduled({}, 1_000_000);
    const perSecond = scheduled({ concurrency: 1000 });
    for (let n = 0; n < 300; n++) {
      void atOnce.begin('a');
      void perSecond.begin('a');
    }
    expect([atOnce.began.length, perSecond.began.length]).toStrictEqual([16, 100]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(perSecond.began).toHaveLength(150);
  });

  it('may be fewer than one in a second', async () => {
    const { begin, began } = scheduled({ requestsPerSecond: 0.1 });
    void begin('a');
    void begin('a');
    await vi.advanceTimersByTimeAsync(9_999);
    expect(began).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(began).toHaveLength(2);
  });

  it.each([{ concurrency: 0 }, { requestsPerSecond: 0 }, { burst: 0.5 }, { concurrency: Number.NaN }])(
    'are not limited to none: %j',
    options => {
      expect(() => createScheduler(options)).toThrow(expect.objectContaining({ code: 'configuration' }));
    },
  );

  it('save up no more than a burst in a quiet time, and nothing when the clock is set back', async () => {
    let now = 0;
    const { begin, began } = scheduled({
      concurrency: 1000,
      requestsPerSecond: 10,
      burst: 5,
      now: () => now,
    });
    for (let n = 0; n < 5; n++) void begin('a');
    now = -3_600_000;
    void begin('a');
    expect(began).toHaveLength(5);
    now = 3_600_000;
    await vi.advanceTimersByTimeAsync(100);
    for (let n = 0; n < 20; n++) void begin('a');
    expect(began).toHaveLength(10);
  });

  it('take turns between resources: a noisy one starves nobody', async () => {
    const { begin, began } = scheduled({ concurrency: 1, requestsPerSecond: 1000 }, 10);
    for (let n = 0; n < 500; n++) void begin('noisy');
    await vi.advanceTimersByTimeAsync(55);
    const asked = began.length;
    const quiet = Promise.all(['b', 'c', 'd'].map(key => begin(key)));
    await vi.advanceTimersByTimeAsync(50);
    expect(await quiet).toStrictEqual(['b', 'c', 'd']);
    expect(began.slice(asked)).toStrictEqual(['noisy', 'b', 'c', 'd', 'noisy']);
  });

  it('leave the queue when nobody waits for them any more', async () => {
    const { scheduler, begin, began } = scheduled({ concurrency: 1 }, 10);
    const first = begin('a');
    const { signal, abort } = aborting();
    const second = begin('a', signal);
    abort(new Error('gave up'));
    await expect(second).rejects.toThrow('gave up');
    await expect(begin('a', signal)).rejects.toThrow('gave up');
    expect(scheduler.waiting).toBe(0);
    await vi.advanceTimersByTimeAsync(10);
    await first;
    expect(began).toStrictEqual(['a']);
  });

  it('leave nothing behind on a signal that goes on', async () => {
    const { signal } = new AbortController();
    const [added, removed] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')];
    const { begin } = scheduled({ concurrency: 1 }, 10);
    const both = [begin('a', signal), begin('b', signal)];
    await vi.advanceTimersByTimeAsync(20);
    await Promise.all(both);
    expect([added.mock.calls.length, removed.mock.calls]).toStrictEqual([1, added.mock.calls]);
  });

  it('go on after one that fails, also at once', async () => {
    const { scheduler, begin } = scheduled({ concurrency: 1 });
    const failed = scheduler.run('a', () => Promise.reject(new Error('no')), { signal: forever });
    const thrown = scheduler.run(
      'a',
      () => {
        throw new Error('at once');
      },
      { signal: forever },
    );
    const next = begin('a');
    await expect(failed).rejects.toThrow('no');
    await expect(thrown).rejects.toThrow('at once');
    expect(await next).toBe('a');
  });
});

function aborting() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: (reason: Error) => controller.abort(reason) };
}
