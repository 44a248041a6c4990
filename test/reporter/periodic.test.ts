import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type PeriodicOptions, startReporting } from '../../src/reporter/periodic.ts';
import type { Reporter, ReportResult } from '../../src/reporter/reporter.ts';
import type { Status } from '../../src/status/types.ts';

const status: Status = { phase: 'Ready' };
const answer: ReportResult = { outcome: 'applied', requests: 1, attempts: 1 };

function setUp(options: PeriodicOptions = {}, collect: () => Status | Promise<Status> = () => status) {
  const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const reportStatus = vi.fn<Reporter['reportStatus']>(async () => answer);
  const reporter = { reportStatus } as unknown as Reporter;
  const collected = vi.fn(collect);
  const series = startReporting(reporter, collected, { logger, random: () => 0.5, ...options });
  return { series, reportStatus, collected, logger };
}

/** These, and then the last one again and again. */
function sequence(...values: number[]): () => number {
  return () => (values.length > 1 ? values.shift()! : values[0]!);
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('periodic reporting', () => {
  it('reports at once, after a part of the interval, then every interval', async () => {
    const { reportStatus, series } = setUp({ random: sequence(0.2, 0.5) });
    await vi.advanceTimersByTimeAsync(0);
    expect(reportStatus).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(5_999);
    expect(reportStatus).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(reportStatus).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(29_999);
    expect(reportStatus).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(reportStatus).toHaveBeenCalledTimes(3);
    expect(reportStatus).toHaveBeenCalledWith(status);
    await series.stop();
  });

  it.each([
    [0, 27_000],
    [0.999999, 33_000],
  ])('varies the interval by a tenth: random %d', async (random, expected) => {
    const { reportStatus, series } = setUp({ random: sequence(0, random) });
    await vi.advanceTimersByTimeAsync(0);
    expect(reportStatus).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(expected - 1_000);
    expect(reportStatus).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(reportStatus).toHaveBeenCalledTimes(3);
    await series.stop();
  });

  it('keeps to the interval from the start where it may not vary', async () => {
    const { reportStatus, series } = setUp({ jitter: 0, random: () => 0 });
    await vi.advanceTimersByTimeAsync(29_999);
    expect(reportStatus).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(reportStatus).toHaveBeenCalledTimes(2);
    await series.stop();
  });

  it('does together what is due within 100 ms', async () => {
    const fleet = [0.2001, 0.2015, 0.203].map(place => setUp({ random: sequence(place, 0.5) }));
    const counts = () => fleet.map(({ reportStatus }) => reportStatus.mock.calls.length);
    await vi.advanceTimersByTimeAsync(6_099);
    expect(counts()).toEqual([1, 1, 1]);
    await vi.advanceTimersByTimeAsync(1);
    expect(counts()).toEqual([2, 2, 2]);
    await Promise.all(fleet.map(({ series }) => series.stop()));
  });

  it('spreads those that begin together over the interval', async () => {
    const places = [0.1, 0.3, 0.5, 0.7, 0.9];
    const fleet = places.map(place => setUp({ random: sequence(place, 0.5) }));
    await vi.advanceTimersByTimeAsync(30_000);
    const counts: number[] = [];
    for (let part = 0; part < 5; part++) {
      const before = fleet.map(({ reportStatus }) => reportStatus.mock.calls.length);
      await vi.advanceTimersByTimeAsync(6_000);
      counts.push(fleet.filter(({ reportStatus }, i) => reportStatus.mock.calls.length > before[i]!).length);
    }
    expect(counts).toEqual([1, 1, 1, 1, 1]);
    await Promise.all(fleet.map(({ series }) => series.stop()));
  });

  it('reports now when triggered, and counts the interval from there', async () => {
    const { reportStatus, series } = setUp({ random: sequence(0.9, 0.5) });
    await vi.advanceTimersByTimeAsync(20_000);
    series.trigger();
    await vi.advanceTimersByTimeAsync(0);
    expect(reportStatus).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(reportStatus).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reportStatus).toHaveBeenCalledTimes(3);
    await series.stop();
  });

  it('collects once more after the report under way, however often it was triggered', async () => {
    const { reportStatus, collected, series } = setUp();
    const first = Promise.withResolvers<ReportResult>();
    reportStatus.mockImplementationOnce(() => first.promise);
    await vi.advanceTimersByTimeAsync(0);
    for (let i = 0; i < 3; i++) series.trigger();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(collected).toHaveBeenCalledTimes(1);
    first.resolve(answer);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(collected).toHaveBeenCalledTimes(2);
    await series.stop();
  });

  it.each([
    [
      'collect',
      {
        collect: () => {
          throw new Error('broken');
        },
      },
    ],
    [
      'a collect that rejects',
      {
        collect: async () => {
          throw new Error('broken');
        },
      },
    ],
    ['the report', {}],
    [
      'onResult',
      {
        onResult: () => {
          throw new Error('broken');
        },
      },
    ],
  ])(
    'logs a failure of %s and goes on',
    async (_, {
      collect,
      ...options
    }: { collect?: () => Status | Promise<Status>; onResult?: () => void }) => {
      const { reportStatus, collected, logger, series } = setUp(options, collect);
      if (!collect && !options.onResult) reportStatus.mockRejectedValue(new Error('broken'));
      await vi.advanceTimersByTimeAsync(60_000);
      expect(collected).toHaveBeenCalledTimes(3);
      expect(logger.error).toHaveBeenCalledTimes(3);
      expect(logger.error.mock.calls[0]![1].error).toEqual(new Error('broken'));
      await series.stop();
    },
  );

  it('stops after the report under way, and after the one that a trigger asked for', async () => {
    const { reportStatus, series } = setUp();
    const first = Promise.withResolvers<ReportResult>();
    reportStatus.mockImplementationOnce(() => first.promise);
    await vi.advanceTimersByTimeAsync(0);
    series.trigger();
    const stopped = vi.fn();
    const stop = series.stop().then(stopped);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(stopped).not.toHaveBeenCalled();
    first.resolve(answer);
    await stop;
    expect(reportStatus).toHaveBeenCalledTimes(2);
  });

  it('does nothing any more once it is stopped, by itself or by its signal', async () => {
    const controller = new AbortController();
    const { reportStatus, series } = setUp({ signal: controller.signal });
    await vi.advanceTimersByTimeAsync(0);
    controller.abort();
    series.trigger();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(reportStatus).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
    expect(setUp({ signal: AbortSignal.abort() }).collected).not.toHaveBeenCalled();
  });

  it.each([{ interval: 0 }, { interval: Number.NaN }, { interval: 2 ** 31 }, { jitter: 1.5 }])(
    'refuses %j',
    options => {
      expect(() => setUp(options)).toThrow(expect.objectContaining({ code: 'configuration' }));
    },
  );
});
