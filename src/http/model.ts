/** What the service speaks of: callers, reports, deliveries. Types only; the routes, the page and every store share them. */

import type { ErrorCode } from '../errors.ts';
import type { Outcome, ReportResult } from '../reporter/reporter.ts';
import type { Status } from '../status/types.ts';
import type { Credentials } from '../types.ts';
import type { Target } from './target.ts';

/** What a caller may want to do with a resource. */
export type Verb = 'report' | 'read';

/** Who sent a request, as its authentication says. */
export interface Caller {
  /** Name for logs: a subject, a user name, the name of a shared token. Never a secret. */
  readonly name: string;
  /**
   * Tells callers apart whose reports must not share a reporter or a cached answer: the same for all who use the service's
   * own credential, a digest of the token where the caller's own goes to the API server.
   */
  readonly partition: string;
  /** The caller's own credentials, where they go to the API server. Default: the service's. */
  readonly credentials?: Credentials;
  /** Whether it may do that. `review` asks the cluster. */
  may(verb: Verb, target: Target): boolean | Promise<boolean>;
}

/**
 * Tells who sends a request, by its bearer token. A browser sends the same token as the password of HTTP Basic, for which
 * it asks by itself; that may only read (GET, HEAD), so that no other site can write through it.
 *
 * @throws ProblemError `unauthenticated` where that is nobody known
 */
export type Authenticate = (request: Request) => Caller | Promise<Caller>;

/** A report that was accepted. */
export interface Submission {
  readonly target: Target;
  /** Nobody may change it: a large one that the service checked, its reporter does not check again. */
  readonly status: Readonly<Status>;
  /** Which process of the gateway sent it; reports of one instance are ordered by time, a new instance starts afresh. */
  readonly instance?: string;
  /** When it was observed, in milliseconds since the epoch: its own timestamp, else when it arrived. */
  readonly observedAt: number;
}

/** How far the delivery of a report is. */
export interface Delivery {
  /** Of this report; unique. */
  readonly id: string;
  readonly state: 'pending' | 'delivered' | 'failed';
  /** When the report arrived; RFC 3339, as all times here. */
  readonly acceptedAt: string;
  /** When the delivery ended, well or not. */
  readonly endedAt?: string;
  /** Milliseconds from the arrival to the end. */
  readonly duration?: number;
  readonly outcome?: Outcome;
  readonly result?: ReportResult;
  /** Times delivery was tried. */
  readonly attempts: number;
  /** Why it failed, or was not yet delivered. */
  readonly error?: { readonly code: ErrorCode | 'internal'; readonly detail: string };
}

/** A change of phase. */
export interface PhaseChange {
  readonly phase: Status['phase'];
  readonly at: string;
}

/** What is known of one resource: its last report and what became of it. */
export interface ResourceRecord {
  readonly namespace: string;
  readonly name: string;
  /** The last accepted report; its conditions say when they last flipped (`keepTransitionTimes`). */
  readonly status: Status;
  readonly instance?: string;
  /** When it was observed. */
  readonly observedAt: string;
  readonly delivery: Delivery;
  /** When a delivery last succeeded. */
  readonly deliveredAt?: string;
  /** Parts of the status that somebody keeps changing back. */
  readonly contested?: readonly string[];
  /** Changes of phase, the latest last; at most 50. */
  readonly timeline: readonly PhaseChange[];
}

/**
 * What is shown of all resources: in memory on servers, in an index Durable Object at the edge. Lists,
 * events, the page and the metrics come from here.
 */
export interface Store {
  /** By namespace and name. */
  list(): readonly ResourceRecord[] | Promise<readonly ResourceRecord[]>;
  /** One of them, where it is at hand at once: a report is then checked only for what it changes. */
  get?(target: Target): ResourceRecord | undefined;
  /** Every record that is put from now on, until the signal fires. */
  changes(signal: AbortSignal): AsyncIterable<ResourceRecord>;
}

/** A report that was taken, and what becomes of it. */
export interface Ticket {
  readonly record: ResourceRecord;
  /** The end of its delivery; rejects as `reportStatus` does. */
  readonly result: Promise<ReportResult>;
}

/** Takes reports and delivers them: by reporters in this process, or through the Durable Object of the resource. */
export interface Dispatcher {
  /**
   * @param options.wait whether the caller waits for `result`: where another process delivers, it is then told of the end.
   *   `false`: `result` may never settle. Default `true`.
   * @throws ProblemError `stale` for a report older than the last one of its instance
   * @throws StatusReporterError
   */
  submit(
    submission: Submission,
    caller: Caller,
    options?: { readonly wait?: boolean },
  ): Ticket | Promise<Ticket>;
  /** The state of one delivery; `undefined` where nobody knows it any more. */
  delivery(target: Target, id: string): Delivery | undefined | Promise<Delivery | undefined>;
  /** What the cluster says now. */
  read(
    target: Target,
    caller: Caller,
    options?: { signal?: AbortSignal },
  ): Promise<{ resourceVersion: string; generation?: number; status: Readonly<Record<string, unknown>> }>;
  /** Delivers what is pending, then takes nothing more. Idempotent; never rejects. */
  close(): Promise<void>;
}
