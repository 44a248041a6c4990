import { StatusReporterError } from '../errors.ts';
import type { DeliverySettings } from '../reporter/kubernetes/options.ts';
import type { ReportResult } from '../reporter/reporter.ts';
import type { Logger } from '../types.ts';
import type { Observer } from './metrics/events.ts';
import type { Caller, Delivery, Dispatcher, Submission } from './model.ts';
import { advance, type Position } from './ordering.ts';
import { ProblemError } from './problem.ts';
import { Recent } from './recent.ts';
import {
  acceptedRecord,
  deliveredDelivery,
  failedDelivery,
  pendingDelivery,
  settledRecord,
} from './records.ts';
import { createReporters, keyOf, type ResourceReporter } from './reporters.ts';
import { scheduleFor } from './schedule.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';
import type { MemoryStore } from './store.ts';
import type { Target } from './target.ts';

/** What a reporter needs to keep the limits of the service. */
export type ReporterSettings = Required<Pick<DeliverySettings, 'schedule'>>;

/** Options of {@link createDispatcher}. */
export interface DispatcherOptions {
  /** What is known of all resources. */
  readonly store: MemoryStore;
  /**
   * Makes the reporter of one resource, with the caller's credentials where it brings its own, and with the given settings,
   * which keep the limits; does no IO. A reporter that stands around another changes no report but a copy of it: what
   * the service checked is not always checked again.
   */
  readonly create: (target: Target, caller: Caller, settings: ReporterSettings) => ResourceReporter;
  /** Limits of the requests to the API server, all resources together. Default: those of `createScheduler()`. */
  readonly scheduler?: Scheduler;
  /** Most reporters kept, one for each resource and credential. Default 1000. */
  readonly limit?: number;
  /** Most reads of one resource under way at once; further ones are refused as `throttled`. Default 16. */
  readonly reads?: number;
  /** Most deliveries whose state can be asked for. Default 10,000. */
  readonly deliveries?: number;
  /** Told of every delivery and every request that ended. Default: nobody. */
  readonly observer?: Observer;
  /** Told of what could not be delivered by a reporter that was let go. Default: none. */
  readonly logger?: Logger;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** A {@link Dispatcher} in this process. */
export interface MemoryDispatcher extends Dispatcher {
  /** Reports whose delivery has not ended. */
  readonly inFlight: number;
  /** Requests to the API server that wait for their turn. */
  readonly queued: number;
  /** Reporters kept. */
  readonly reporters: number;
}

/** A delivery whose state can be asked for: by whoever may read that resource. */
interface Followed {
  readonly target: Target;
  delivery: Delivery;
}

/** Delivers reports by reporters in this process: one for each resource and credential. */
export function createDispatcher(options: DispatcherOptions): MemoryDispatcher {
  const { store, observer, reads: mostReads = 16, limit = 1000, now = Date.now } = options;
  const { scheduler = createScheduler() } = options;
  const reporters = createReporters({
    ...options,
    create: (target, caller) =>
      options.create(target, caller, { schedule: scheduleFor(target, scheduler, observer) }),
  });
  // An order outlives its reporter, which may be let go at any time.
  const orders = new Recent<readonly Position[]>(10 * limit);
  const deliveries = new Recent<Followed>(options.deliveries ?? 10_000);
  const reads = new Map<string, number>();
  let inFlight = 0;

  /** Throws where the report is stale. */
  function admit(submission: Submission, caller: Caller): void {
    // By credential: where that is the caller's own, nobody has checked it yet, and it must not hold up others.
    const key = keyOf(submission.target, caller);
    const positions = advance(orders.get(key) ?? [], submission);
    if (positions === undefined) {
      const observed = new Date(submission.observedAt).toISOString();
      throw new ProblemError(
        'stale',
        `Expected a report no older than the last one of this reporter instance, found one of ${observed}.`,
      );
    }
    orders.set(key, positions);
  }

  function accept(submission: Submission, caller: Caller, { delivery }: Followed) {
    const record = acceptedRecord(store.get(submission.target), submission, delivery);
    // What an own credential may do, only the API server knows: until it has said so, nobody is shown the report.
    if (caller.credentials === undefined) store.put(record);
    return record;
  }

  function settle(submission: Submission, caller: Caller, followed: Followed, delivery: Delivery): void {
    const { target } = submission;
    inFlight--;
    followed.delivery = delivery;
    observer?.report({
      target,
      outcome: delivery.outcome ?? 'failed',
      ...(delivery.error && { code: delivery.error.code }),
      duration: delivery.duration ?? 0,
    });
    const current = store.get(target);
    if (current?.delivery.id === delivery.id) store.put(settledRecord(current, delivery));
    else if (caller.credentials !== undefined && delivery.outcome !== 'superseded' && wasAllowed(delivery)) {
      store.put(settledRecord(acceptedRecord(current, submission, delivery), delivery));
    }
  }

  return {
    get inFlight() {
      return inFlight;
    },
    get queued() {
      return scheduler.waiting;
    },
    get reporters() {
      return reporters.size;
    },
    submit(submission, caller) {
      const { target, status } = submission;
      const reporter = reporters.get(target, caller);
      admit(submission, caller);
      const pending = pendingDelivery(crypto.randomUUID(), now());
      const followed: Followed = { target, delivery: pending };
      deliveries.set(pending.id, followed);
      const record = accept(submission, caller, followed);
      inFlight++;
      const result = reporter.reportStatus(status).then(
        (result: ReportResult) => {
          settle(submission, caller, followed, deliveredDelivery(pending, result, now()));
          return result;
        },
        (error: unknown) => {
          settle(submission, caller, followed, failedDelivery(pending, error, now()));
          throw error;
        },
      );
      // Whoever asked for an answer at once does not wait for this one.
      result.catch(() => {});
      return { record, result };
    },
    delivery({ namespace, name }, id) {
      const { target, delivery } = deliveries.get(id) ?? {};
      return target?.namespace === namespace && target.name === name ? delivery : undefined;
    },
    async read(target, caller, options) {
      const key = keyOf(target, caller);
      const underWay = reads.get(key) ?? 0;
      if (underWay >= mostReads) {
        throw new StatusReporterError(
          'throttled',
          `${underWay} reads of this resource are under way already.`,
        );
      }
      reads.set(key, underWay + 1);
      try {
        const { metadata, status } = await reporters.get(target, caller).read(options);
        const { resourceVersion, generation } = metadata;
        return { resourceVersion, ...(generation !== undefined && { generation }), status: { ...status } };
      } finally {
        const left = reads.get(key)! - 1;
        if (left > 0) reads.set(key, left);
        else reads.delete(key);
      }
    },
    close: () => reporters.close(),
  };
}

/** Whether the API server knew the credential, and let it. */
function wasAllowed({ error }: Delivery): boolean {
  return error === undefined || !['unauthorized', 'forbidden', 'not_found'].includes(error.code);
}
