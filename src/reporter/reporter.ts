/** What every reporter is, wherever its reports go. */

import type { Status } from '../status/types.ts';

/** What became of a report. */
export type Outcome =
  /** The resource says what the report says, and a write made it so. */
  | 'applied'
  /** The resource says it already; nothing was written. */
  | 'unchanged'
  /** Written, but something stale of ours that another manager also holds could not be removed yet; the next report repairs it. */
  | 'partial'
  /** A later report of this reporter took its place before it was sent. */
  | 'superseded'
  /** Written to the log only. */
  | 'logged'
  /** Nothing to report, or nobody to report to. */
  | 'skipped';

/** The answer to a report. */
export interface ReportResult {
  readonly outcome: Outcome;
  /** `metadata.resourceVersion` of the object that says what the report says. */
  readonly resourceVersion?: string;
  /** `metadata.generation` of that object. */
  readonly generation?: number;
  /** HTTP requests that this report took. */
  readonly requests: number;
  /** Times the exchange was begun: 1, and one more for every conflict. */
  readonly attempts: number;
  /** Owned parts left alone for now because somebody keeps changing them back: `phase`, `conditions/Ready`. */
  readonly contested?: readonly string[];
}

/** The answer to what is no report, or has nowhere to go. */
export const skipped: ReportResult = { outcome: 'skipped', requests: 0, attempts: 0 };

export interface ReportOptions {
  /** Gives up; the report may or may not have been written by then. */
  readonly signal?: AbortSignal;
}

/** Flushes and stops; every call after the first returns the first one's promise. */
export type Shutdown = (options?: ReportOptions) => Promise<void>;

/** Carries reports to where they belong. Safe for concurrent use. */
export interface Reporter extends AsyncDisposable {
  /**
   * Reports a complete status: what it leaves out is removed, as far as this reporter owns it. Reports that arrive while
   * one is under way coalesce, the latest wins.
   *
   * @param status `null` and `undefined` are skipped
   * @throws InvalidStatusError before anything is sent
   * @throws StatusReporterError when the report could not be delivered
   */
  reportStatus(status: Status | null | undefined, options?: ReportOptions): Promise<ReportResult>;
  /**
   * Makes ready: loads credentials, so that what is missing shows now and not with the first report.
   *
   * @throws ConfigurationError
   */
  start(options?: ReportOptions): Promise<Shutdown>;
}
