/** What the Durable Object of a resource does: accepts reports, keeps them in order, delivers the latest until it is there. */

import type { ResourceRecord, Submission } from '../../http/model.ts';
import { type Deliver, tryReport } from './attempt.ts';
import { createDeliveryLedger, type DeliveryLedger, type DeliveryLedgerOptions } from './delivery-ledger.ts';
import { toFailure } from './failure.ts';
import type { Held } from './held-report.ts';
import { createImmediateDelivery, type ImmediateDelivery } from './immediate-delivery.ts';
import type { ObjectStorage } from './platform.ts';
import { planRetry } from './retry-plan.ts';
import { accepted, afterFailure, afterSuccess, attempted, delivered, superseded } from './transitions.ts';

export interface DeliveryObjectOptions extends Omit<DeliveryLedgerOptions, 'sql'> {
  readonly storage: ObjectStorage;
  /** With the service's own credential. */
  reporter(record: ResourceRecord): Deliver;
  /** Milliseconds since the epoch. */
  now(): number;
  /** In [0, 1). */
  random(): number;
}

export interface DeliveryObject extends Pick<DeliveryLedger, 'progress' | 'end'> {
  /** Takes up what an end of the process has left behind. */
  recover(): Promise<void>;
  /**
   * Accepts a report: when the event that calls this is answered, it is on disk and an alarm is set.
   *
   * @throws ProblemError `stale`
   */
  accept(submission: Submission): ResourceRecord;
  /** Accepts and delivers now, with a credential that is not kept. */
  readonly deliverNow: ImmediateDelivery['deliver'];
  alarm(): Promise<void>;
}

/** A delivery that takes longer than this is shown as pending. Milliseconds. */
const slow = 250;
/** An alarm may take 15 minutes; long before, the next one takes over. */
const longestTurn = 5 * 60_000;
/** The index could not be told: when it is told again. */
const republishAfter = 5_000;

export function createDeliveryObject(options: DeliveryObjectOptions): DeliveryObject {
  const { storage, log, now } = options;
  const ledger = createDeliveryLedger({ ...options, sql: storage.sql });
  const { disk, conclude, publish } = ledger;
  const immediate = createImmediateDelivery(storage, ledger, now);
  /** The delivery that an attempt is being made at. */
  let underWay: string | undefined;
  let showing: ReturnType<typeof setTimeout> | undefined;

  /** Tells the index of what is held, where the attempt under way takes long. */
  function showIfSlow(): void {
    showing ??= setTimeout(() => {
      showing = undefined;
      void publish();
    }, slow);
  }

  /** One attempt at what is held; when it ends, a later report may be held. */
  async function attempt({ record }: Held): Promise<void> {
    const { delivery, namespace, name } = record;
    underWay = delivery.id;
    showIfSlow();
    const outcome = await tryReport(() => options.reporter(record), record);
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

  return {
    progress: ledger.progress,
    end: ledger.end,
    deliverNow: immediate.deliver,

    async recover() {
      const held = disk.get();
      if (held?.passthrough) return immediate.recover();
      for (const delivery of disk.pending()) {
        if (delivery.id !== held?.record.delivery.id) disk.setDelivery(superseded(delivery, now()));
        else if ((await storage.getAlarm()) === null) await storage.setAlarm(now());
      }
    },

    accept(submission) {
      const [before, at] = [disk.get(), now()];
      const id = crypto.randomUUID();
      const { record, retryAt = 0 } = disk.replace(
        accepted(before, submission, { id, passthrough: false, at }),
      );
      const last = before?.record.delivery;
      if (last?.state === 'pending' && last.id !== underWay) conclude(superseded(last, at));
      // Not awaited: it goes to disk with the report, before anything of this event leaves the object.
      void storage.setAlarm(Math.max(now(), retryAt));
      if (retryAt > now()) void publish();
      else if (underWay !== undefined) showIfSlow();
      return record;
    },

    async alarm() {
      const began = now();
      if (disk.get()?.passthrough) return immediate.forget();
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
