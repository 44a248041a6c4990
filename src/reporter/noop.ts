/** For processes that have nobody to report to. */

import type { Status } from '../status/types.ts';
import type { Reporter, ReportResult, Shutdown } from './reporter.ts';

const skipped: Promise<ReportResult> = Promise.resolve({ outcome: 'skipped', requests: 0, attempts: 0 });

/** Accepts every report and does nothing at all with it. */
export class NoOpReporter implements Reporter {
  reportStatus(_status: Status | null | undefined): Promise<ReportResult> {
    return skipped;
  }

  async start(): Promise<Shutdown> {
    return async () => {};
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
