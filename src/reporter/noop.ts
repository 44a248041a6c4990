/** For processes that have nobody to report to. */

import type { Status } from '../status/types.ts';
import { type Reporter, type ReportResult, type Shutdown, skipped } from './reporter.ts';

/** Accepts every report and does nothing at all with it. */
export class NoOpReporter implements Reporter {
  async reportStatus(_status: Status | null | undefined): Promise<ReportResult> {
    return skipped;
  }

  async start(): Promise<Shutdown> {
    return async () => {};
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
