/** Delivery with a credential that is not kept: now or never. */

import type { ResourceRecord, Submission } from '../../http/model.ts';
import { type Deliver, tryReport } from './attempt.ts';
import type { DeliveryLedger } from './delivery-ledger.ts';
import { type Failure, toFailure } from './failure.ts';
import type { ObjectStorage } from './platform.ts';
import { accepted, afterFailure, afterSuccess, attempted, delivered } from './transitions.ts';

/** What is held for such a credential is forgotten after a day without reports. Milliseconds. */
const forgottenAfter = 24 * 60 * 60_000;

const onlyOnce = { delay: undefined, tell: true } as const;

export interface ImmediateDelivery {
  /**
   * Accepts and delivers: what fails is not tried again.
   *
   * @param suffix ends the id of the delivery
   * @throws ProblemError `stale`
   */
  deliver(
    submission: Submission,
    reporter: Deliver,
    suffix?: string,
  ): Promise<{ readonly record: ResourceRecord; readonly failure?: Failure }>;
  /** Those that the process ended over have failed. */
  recover(): void;
  forget(): Promise<void>;
}

export function createImmediateDelivery(
  storage: ObjectStorage,
  { disk, conclude, publish }: DeliveryLedger,
  now: () => number,
): ImmediateDelivery {
  return {
    async deliver(submission, reporter, suffix) {
      const id = crypto.randomUUID() + (suffix === undefined ? '' : `.${suffix}`);
      const { record } = disk.replace(accepted(disk.get(), submission, { id, passthrough: true, at: now() }));
      void storage.setAlarm(now() + forgottenAfter);
      const outcome = await tryReport(() => reporter, record);
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
    recover() {
      for (const delivery of disk.pending()) {
        const lost = new Error('The credential is not kept, and the process has ended.');
        disk.setDelivery(attempted(delivery, lost, onlyOnce, now()));
      }
    },
    async forget() {
      await storage.deleteAll();
      disk.forget();
    },
  };
}
