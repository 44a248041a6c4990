import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { abortSignal } from '../../src/abort.ts';
import { Call } from '../../src/api/call.ts';
import type { Step } from '../../src/api/step.ts';
import { StatusReporterError } from '../../src/errors.ts';

const never = () => new Promise<never>(() => {});

/** A step that goes on until it is aborted. */
function begun(call: Call, timeout?: number) {
  let step!: Step;
  const end = call
    .step(given => {
      step = given;
      return never();
    }, timeout)
    .catch(error => error);
  return { step, end };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a step', () => {
  it('brings what it brings, and leaves no timer and no listener', async () => {
    const controller = new AbortController();
    const added = vi.spyOn(controller.signal, 'addEventListener');
    const removed = vi.spyOn(controller.signal, 'removeEventListener');
    const call = new Call(1000, controller.signal);
    expect(await call.step(async () => 'done', 500)).toBe('done');
    await expect(call.step(async () => Promise.reject(new Error('no')), 500)).rejects.toThrow('no');
    expect(vi.getTimerCount()).toBe(0);
    expect(removed.mock.calls).toEqual(added.mock.calls);
    expect(added).toHaveBeenCalledTimes(2);
  });

  it('fails with what it throws before it waits for anything, and leaves no timer then', async () => {
    const step = new Call(1000).step(() => {
      throw new Error('at once');
    }, 500);
    await expect(step).rejects.toThrow('at once');
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ['takes too long', 500, 'timeout', /timeout \(500 ms\)/],
    ['outlasts the call', 5000, 'timeout', /totalTimeout \(1000 ms/],
    ['has no limit of its own', undefined, 'timeout', /totalTimeout \(1000 ms/],
  ])('is aborted when it %s', async (_, timeout, code, message) => {
    const { step, end } = begun(new Call(1000), timeout);
    await vi.advanceTimersByTimeAsync(Math.min(timeout ?? 1000, 1000) - 1);
    expect(step.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    const error = await end;
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(step).toMatchObject({ aborted: true, reason: error });
  });

  it('has another timeout from the moment on that it is given one', async () => {
    const { step, end } = begun(new Call(10_000), 500);
    await vi.advanceTimersByTimeAsync(400);
    step.within(1000);
    await vi.advanceTimersByTimeAsync(999);
    expect(step.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect((await end).message).toMatch('timeout (1000 ms)');
  });

  it('starts no timer any more once it was aborted', async () => {
    const controller = new AbortController();
    const { step, end } = begun(new Call(1000, controller.signal));
    controller.abort();
    step.within(500);
    expect(await end).toMatchObject({ code: 'aborted' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is aborted by the caller, with its reason as the cause, and by who ends the call', async () => {
    const controller = new AbortController();
    const call = new Call(1000, controller.signal);
    const [one, two] = [begun(call), begun(call)];
    controller.abort('enough');
    for (const { end } of [one, two]) expect(await end).toMatchObject({ code: 'aborted', cause: 'enough' });
    const over = new Call(1000);
    const [three, four] = [begun(over), begun(over)];
    const closed = new StatusReporterError('closed', 'over');
    over.cancel(closed);
    for (const { end, step } of [three, four]) {
      expect(await end).toBe(closed);
      expect(step.reason).toBe(closed);
    }
    await expect(over.step(never)).rejects.toBe(closed);
    const ended = new Call(1000);
    let before!: Step;
    await ended.step(async step => {
      before = step;
    });
    ended.cancel(closed);
    expect(before.aborted).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells who listens, once, and nobody who does not any more', async () => {
    const { step, end } = begun(new Call(1000), 500);
    const told: string[] = [];
    const stays = () => told.push(`stays: ${step.reason}`);
    const goes = () => told.push('goes');
    for (const listener of [goes, stays, goes]) step.addEventListener('abort', listener);
    step.removeEventListener('abort', goes);
    step.removeEventListener('abort', () => {});
    await vi.runAllTimersAsync();
    expect(told).toEqual([`stays: ${await end}`]);
  });

  it('has an AbortSignal for who needs one, early or late', async () => {
    const { step, end } = begun(new Call(1000), 500);
    const early = abortSignal(step);
    expect(early).toBeInstanceOf(AbortSignal);
    expect(early.aborted).toBe(false);
    expect(abortSignal(step)).toBe(early);
    const other = begun(new Call(1000), 500);
    await vi.runAllTimersAsync();
    expect(early).toMatchObject({ aborted: true, reason: await end });
    expect(abortSignal(other.step)).toMatchObject({ aborted: true, reason: await other.end });
    expect(abortSignal(early)).toBe(early);
    expect(abortSignal(undefined)).toBeUndefined();
  });
});
