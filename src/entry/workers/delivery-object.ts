/** What the Durable Object of a resource does: accepts reports, keeps them in order, delivers the latest until it is there. */

import type { Observer } from '../../http/metrics/events.ts';
import type { Delivery, ResourceRecord, Submission } from '../../http/model.ts';
import type { Log } from '../../reporter/logger.ts';
import type { Reporter, ReportResult } from '../../reporter/reporter.ts';
import { type Failure, toFailure } from './failure.ts';
import { createHeldReport, type Held } from './held-report.ts';
import type { ObjectStorage } from './platform.ts';
import { planRetry } from './retry-plan.ts';
import { accepted, afterFailure, afterSuccess, attempted, delivered, superseded } from './transitions.ts';
import { createWaiters } from './waiters.ts';

/** Delivers, with one credential. */
export type Deliver = Pick<Reporter, 'reportStatus'>;

export interface DeliveryObjectOptions {
  readonly storage: ObjectStorage;
  /** With the service's own credential. */
  reporter(record: ResourceRecord): Deliver;
  /** Tells the index. */
  publish(record: ResourceRecord, revision: number): Promise<void>;
  /** Told of every delivery that ended. */
  readonly observer: Pick<Observer, 'report'>;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  now(): number;
  /** In [0, 1). */
  random(): number;
}

/** How a delivery is, and why where it is not well. */
export interface Progress {
  readonly delivery: Delivery;
  readonly failure?: Failure;
}

export interface DeliveryObject {
  /** Takes up what an end of the process has left behind. */
  recover(): Promise<void>;
  /**
   * Accepts a report: when the event that calls this is answered, it is on disk and an alarm is set.
   *
   * @throws ProblemError `stale`
   */
  accept(submission: Submission): ResourceRecord;
  /**
   * Accepts and delivers now, with a credential that is not kept: what fails is not tried again.
   *
   * @param suffix ends the id of the delivery
   * @throws ProblemError `stale`
   */
  deliverNow(
    submission: Submission,
    reporter: Deliver,
    suffix?: string,
  ): Promise<{ readonly record: ResourceRecord; readonly failure?: Failure }>;
  progress(id: string): Progress | undefined;
  /**
   * The end of a delivery, or why it will not come soon; `undefined` where neither shows in time.
   *
   * @param timeout milliseconds
   */
  end(id: string, timeout: number): Promise<Progress | undefined>;
  alarm(): Promise<void>;
}

/** A delivery that takes longer than this is shown as pending. Milliseconds. */
const slow = 250;
/** An alarm may take 15 minutes; long before, the next one takes over. */
const longestTurn = 5 * 60_000;
/** The index could not be told: when it is told again. */
const republishAfter = 5_000;
/** What is held for a credential that is not kept is forgotten after a day without reports. */
const forgottenAfter = 24 * 60 * 60_000;

const onlyOnce = { delay: undefined, tell: true } as const;

export function createDeliveryObject(options: DeliveryObjectOptions): DeliveryObject {
  const { storage, log, now } = options;
  const disk = createHeldReport(storage.sql);
  const waiters = createWaiters<Progress>();
  /** The delivery that an attempt is being made at. */
  let underWay: string | undefined;
  let showing: ReturnType<typeof setTimeout> | undefined;

  async function publish(): Promise<boolean> {
    const held = disk.get();
    if (held === undefined) return true;
    try {
      await options.publish(held.record, held.revision);
      return true;
    } catch (error) {
      log('warn', 'The index could not be told of a report; it will be told again', { error });
      return false;
    }
  }

  /** Tells the index of what is held, where the attempt under way takes long. */
  function showIfSlow(): void {
    showing ??= setTimeout(() => {
      showing = undefined;
      void publish();
    }, slow);
  }

  /** Writes down what became of a delivery that is no longer, or was never, the one held; tells who waits for it. */
  function conclude(delivery: Delivery, failure?: Failure): void {
    disk.setDelivery(delivery);
    const { endedAt, outcome = 'failed', duration = 0, error } = delivery;
    const { namespace = '', name = '' } = disk.get()?.record ?? {};
    if (endedAt !== undefined) {
      const code = error && { code: error.code };
      options.observer.report({ target: { namespace, name }, outcome, duration, ...code });
    }
    waiters.tell(delivery.id, { delivery, ...(failure && { failure }) });
  }

  function take(submission: Submission, passthrough: boolean, suffix?: string): Held {
    const [before, at] = [disk.get(), now()];
    const id = crypto.randomUUID() + (suffix === undefined ? '' : `.${suffix}`);
    const held = accepted(before, submission, { id, passthrough, at });
    const last = before?.record.delivery;
    if (last?.state === 'pending' && last.id !== underWay && !passthrough) conclude(superseded(last, at));
    disk.replace(held);
    return held;
  }

  /** One attempt at what is held; when it ends, a later report may be held. */
  async function attempt({ record }: Held): Promise<void> {
    const { delivery, namespace, name } = record;
    underWay = delivery.id;
    showIfSlow();
    const outcome = await report(() => options.reporter(record), record);
    clearTimeout(showing);
    [underWay, showing] = [undefined, undefined];
    const [at, held] = [now(), disk.get()];
    if (held === undefined) return;
    if ('result' in outcome) {
      const done = delivered(delivery, outcome.result, at);
      disk.update(afterSuccess(held, done, at));
      return conclude(done);
    }
    const { error } = outcome;
    const plan = planRetry(error, held.failures + 1, at - Date.parse(delivery.acceptedAt), options.random());
    const tried = attempted(delivery, error, plan, at);
    disk.update(afterFailure(held, tried, error, plan, at));
    log('warn', 'A report could not be delivered', { namespace, name, error, retryIn: plan.delay });
    const replaced = held.record.delivery.id !== delivery.id;
    if (replaced && plan.delay !== undefined) conclude(superseded(tried, at));
    else if (plan.tell) conclude(tried, toFailure(error));
  }

  function progress(id: string): Progress | undefined {
    const delivery = disk.delivery(id);
    if (delivery?.error === undefined) return delivery && { delivery };
    const held = disk.get();
    const { code, detail } = delivery.error;
    const own = held?.record.delivery.id === id ? held.failure : undefined;
    return { delivery, failure: own ?? { code, message: detail } };
  }

  return {
    progress,

    async recover() {
      const held = disk.get();
      for (const delivery of disk.pending()) {
        if (held?.passthrough) {
          const lost = new Error('The credential is not kept, and the process has ended.');
          disk.setDelivery(attempted(delivery, lost, onlyOnce, now()));
        } else if (delivery.id !== held?.record.delivery.id) {
          disk.setDelivery(superseded(delivery, now()));
        } else if ((await storage.getAlarm()) === null) await storage.setAlarm(now());
      }
    },

    accept(submission) {
      const { record, retryAt = 0 } = take(submission, false);
      // Not awaited: it goes to disk with the report, before anything of this event leaves the object.
      void storage.setAlarm(Math.max(now(), retryAt));
      if (retryAt > now()) void publish();
      else if (underWay !== undefined) showIfSlow();
      return record;
    },

    async deliverNow(submission, reporter, suffix) {
      const { record } = take(submission, true, suffix);
      void storage.setAlarm(now() + forgottenAfter);
      const outcome = await report(() => reporter, record);
      const at = now();
      const delivery =
        'result' in outcome
          ? delivered(record.delivery, outcome.result, at)
          : attempted(record.delivery, outcome.error, onlyOnce, at);
      const held = disk.get();
      const last = held?.record.delivery.id === delivery.id;
      if (held && last) {
        disk.update(
          'result' in outcome
            ? afterSuccess(held, delivery, at)
            : afterFailure(held, delivery, outcome.error, onlyOnce, at),
        );
      }
      conclude(delivery);
      // Only a success says that the caller may write there at all.
      if (last && 'result' in outcome) await publish();
      const ended = { record: { ...record, delivery } };
      return 'error' in outcome ? { ...ended, failure: toFailure(outcome.error) } : ended;
    },

    async end(id, timeout) {
      const known = progress(id);
      const blocked = known?.failure !== undefined && disk.get()?.blocked;
      if (known === undefined || known.delivery.state !== 'pending' || blocked) return known;
      return waiters.wait(id, timeout);
    },

    async alarm() {
      const began = now();
      if (disk.get()?.passthrough) {
        await storage.deleteAll();
        return disk.forget();
      }
      for (let held = disk.get(); held?.record.delivery.state === 'pending'; held = disk.get()) {
        if ((held.retryAt ?? 0) > now() || now() - began > longestTurn) break;
        await attempt(held);
      }
      const published = await publish();
      const held = disk.get();
      if (held?.record.delivery.state === 'pending') {
        await storage.setAlarm(Math.max(now(), held.retryAt ?? 0));
      } else if (!published) await storage.setAlarm(now() + republishAfter);
      // Reports that came during the attempt have set it; they are delivered.
      else await storage.deleteAlarm();
    },
  };
}

/** A reporter that cannot be made has failed as well: an alarm that throws would be given up after a few times. */
async function report(
  reporter: () => Deliver,
  { status }: ResourceRecord,
): Promise<{ result: ReportResult } | { error: unknown }> {
  try {
    return { result: await reporter().reportStatus(status) };
  } catch (error) {
    return { error };
  }
}
