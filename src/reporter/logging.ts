/** For development and command lines: reports become log lines. */

import { defined } from '../defined.ts';
import { parseStatus } from '../status/parse.ts';
import { toRfc3339 } from '../status/time.ts';
import type { Status } from '../status/types.ts';
import type { Logger } from '../types.ts';
import { type Log, toLog } from './logger.ts';
import { type Reporter, type ReportResult, type Shutdown, skipped } from './reporter.ts';

export interface LoggingReporterOptions {
  /** Console-like or pino-like. Default: `console`. */
  readonly logger?: Logger;
}

/** Logs phase, message, number of backends and timestamp of every report, at debug level. */
export class LoggingReporter implements Reporter {
  readonly #log: Log;

  constructor(options: LoggingReporterOptions = {}) {
    this.#log = toLog(options.logger ?? console);
  }

  /** @throws InvalidStatusError as a reporter to a cluster would, so that mistakes show in development */
  async reportStatus(status: Status | null | undefined): Promise<ReportResult> {
    if (status === null || status === undefined) return skipped;
    const { phase, message = '', discoveredBackends = [], timestamp } = parseStatus(status);
    this.#log('debug', 'vMCP status', {
      phase,
      message,
      backendCount: discoveredBackends.length,
      ...defined({ timestamp: timestamp && toRfc3339(timestamp) }),
    });
    return { outcome: 'logged', requests: 0, attempts: 0 };
  }

  async start(): Promise<Shutdown> {
    this.#log('debug', 'vMCP status is logged only');
    return () => this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#log('debug', 'vMCP status is no longer logged');
  }
}
