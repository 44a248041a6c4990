/** Reports at once, then again and again, as a gateway wants it. */

import { checkTimers } from '#transport';
import { ConfigurationError } from '../errors.ts';
import type { Status } from '../status/types.ts';
import type { Logger } from '../types.ts';
import { checkDuration } from './duration.ts';
import { toLog } from './logger.ts';
import type { Reporter, ReportResult } from './reporter.ts';

/** Tells the current status; `null` and `undefined` skip this turn. */
export type Collect = () => Status | null | undefined | Promise<Status | null | undefined>;

export interface PeriodicOptions {
  /** Milliseconds from the end of one report to the next, and up to 1/300 more. Default 30,000. */
  readonly interval?: number;
  /**
   * Share of the interval by which it varies, so that replicas do not march in step; 0 to 1. Unless it is 0, the second
   * report comes after any part of the interval, so that what began together is spread over it. Default 0.1.
   */
  readonly jitter?: number;
  /** Stops as `stop()` does. */
  readonly signal?: AbortSignal;
  /** Where failures of `collect` and of reports go. Default `console`. */
  readonly logger?: Logger;
  /** Told of every report that was answered. */
  readonly onResult?: (result: ReportResult) => void;
  /** For jitter, in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
}

export interface PeriodicReporting extends AsyncDisposable {
  /** Reports now; during a report, once more right after it. */
  trigger(): void;
  /** Ends the series after the report under way, and one more where `trigger()` asked for it. Never rejects. */
  stop(): Promise<void>;
}

/**
 * Collects and reports until it is stopped. What goes wrong is logged and never ends the series. The timer keeps a
 * process alive: stop it to exit.
 *
 * @throws ConfigurationError on runtimes whose timers do not outlive a request (Workers): use a Durable Object's alarm
 */
export function startReporting(
  reporter: Reporter,
  collect: Collect,
  options: PeriodicOptions = {},
): PeriodicReporting {
  const { interval = 30_000, jitter = 0.1, signal, onResult, random = Math.random } = options;
  checkOptions(interval, jitter);
  const log = toLog(options.logger ?? console);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let first = true;
  let again = false;
  let stopped = false;
  let running: Promise<void> | undefined;

  async function reportOnce(): Promise<void> {
    try {
      const result = await reporter.reportStatus(await collect());
      onResult?.(result);
    } catch (error) {
      log('error', 'vMCP status not reported; the next report tries again', { error });
    }
  }

  async function turn(): Promise<void> {
    do {
      again = false;
      await reportOnce();
    } while (again);
    running = undefined;
    if (stopped) return;
    // Those that begin together spread over the interval, once; then each keeps its place, but for the jitter.
    const share = first && jitter > 0 ? random() : 1 + jitter * (2 * random() - 1);
    first = false;
    timer = setTimeout(begin, together(interval * share, interval / 300));
  }

  function begin(): void {
    clearTimeout(timer);
    running = turn();
  }

  function stop(): Promise<void> {
    stopped = true;
    signal?.removeEventListener('abort', stop);
    clearTimeout(timer);
    return running ?? Promise.resolve();
  }

  signal?.addEventListener('abort', stop);
  if (signal?.aborted) void stop();
  else begin();

  return {
    trigger() {
      if (running !== undefined) again = true;
      else if (!stopped) begin();
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/**
 * Milliseconds to wait so that what is due at about the same time in a process is done at the same time: to wake up for
 * each report of a fleet costs more than the report.
 *
 * @param step milliseconds that one may be late
 */
function together(delay: number, step: number): number {
  const now = performance.now();
  return Math.ceil((now + delay) / step) * step - now;
}

function checkOptions(interval: number, jitter: number): void {
  checkTimers();
  // Jitter may double it.
  checkDuration('interval', interval, 2 ** 30);
  if (!(jitter >= 0 && jitter <= 1)) throw new ConfigurationError(`jitter: expected 0 to 1, found ${jitter}`);
}
