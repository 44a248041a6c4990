/** What the metrics are told of. Types only: whoever counts something else can listen too. */

import type { ErrorCode } from '../../errors.ts';
import type { Outcome } from '../../reporter/reporter.ts';
import type { Target } from '../target.ts';

/** The delivery of a report ended, well or not. */
export interface ReportEvent {
  readonly target: Target;
  readonly outcome: Outcome | 'failed';
  /** Why, where it failed. */
  readonly code?: ErrorCode | 'internal';
  /** Milliseconds from the arrival of the report. */
  readonly duration: number;
}

/** One attempt at a request to the API server ended. */
export interface RequestEvent {
  /** HTTP method. */
  readonly method: string;
  /** Status of the answer; none where no answer came. */
  readonly status?: number;
  /** Milliseconds. */
  readonly duration: number;
  /** 1, and one more for each time it was tried before. Default 1. */
  readonly attempt?: number;
}

/** What is going on at this moment. */
export interface Activity {
  /** Reports that are being delivered. */
  readonly inFlight: number;
  /** Requests to the API server that wait for their turn, or for their next attempt. */
  readonly queued: number;
  /** When the token of the service expires, in milliseconds since the epoch; none where it does not say. */
  readonly tokenExpiresAt?: number;
}

/** Listens to what happens. Never throws. */
export interface Observer {
  report(event: ReportEvent): void;
  request(event: RequestEvent): void;
}
