import { describe, expect, it } from 'vitest';
import { untilAborted } from '../src/abort.ts';

const never = new Promise<never>(() => {});

describe('untilAborted', () => {
  it('is the work where nothing fires', async () => {
    const { signal } = new AbortController();
    expect(await untilAborted(Promise.resolve(1), signal)).toBe(1);
    expect(await untilAborted(Promise.resolve(2), undefined)).toBe(2);
    await expect(untilAborted(Promise.reject(new Error('broken')), signal)).rejects.toThrow('broken');
  });

  it('rejects with the reason as soon as the signal fires, though the work goes on', async () => {
    const controller = new AbortController();
    const waiting = untilAborted(never, controller.signal);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('rejects at once with a signal that has fired before', async () => {
    await expect(untilAborted(never, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
  });

  it('leaves nothing behind on the signal', async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const counted = new Proxy(signal, {
      get(target, name) {
        if (name === 'addEventListener') listeners++;
        if (name === 'removeEventListener') listeners--;
        const value = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    await untilAborted(Promise.resolve(), counted);
    await Promise.resolve();
    expect(listeners).toBe(0);
  });
});
