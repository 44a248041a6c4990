/** How the deliveries of a resource are: on its disk, in the index, and to whoever waits for their end. */

import type { Observer } from '../../http/metrics/events.ts';
import type { Delivery, ResourceRecord } from '../../http/model.ts';
import type { Log } from '../../reporter/logger.ts';
import type { Failure } from './failure.ts';
import { createHeldReport, type HeldReport } from './held-report.ts';
import type { SqlStorage } from './platform.ts';
import { createWaiters } from './waiters.ts';

export interface DeliveryLedgerOptions {
  readonly sql: SqlStorage;
  /** Tells the index. */
  publish(record: ResourceRecord, revision: number): Promise<void>;
  /** Told of every delivery that ended. */
  readonly observer: Pick<Observer, 'report'>;
  readonly log: Log;
}

/** How a delivery is, and why where it is not well. */
export interface Progress {
  readonly delivery: Delivery;
  readonly failure?: Failure;
}

export interface DeliveryLedger {
  readonly disk: HeldReport;
  /** Tells the index of what is held. @returns whether it knows */
  publish(): Promise<boolean>;
  /** Writes down what became of a delivery that is no longer, or was never, the one held; tells who waits for it. */
  conclude(delivery: Delivery, failure?: Failure): void;
  progress(id: string): Progress | undefined;
  /**
   * The end of a delivery, or why it will not come soon; `undefined` where neither shows in time.
   *
   * @param timeout milliseconds
   */
  end(id: string, timeout: number): Promise<Progress | undefined>;
}

export function createDeliveryLedger({ sql, publish, observer, log }: DeliveryLedgerOptions): DeliveryLedger {
  const disk = createHeldReport(sql);
  const waiters = createWaiters<Progress>();

  function progress(id: string): Progress | undefined {
    const delivery = disk.delivery(id);
    if (delivery?.error === undefined) return delivery && { delivery };
    const held = disk.get();
    const { code, detail } = delivery.error;
    const own = held?.record.delivery.id === id ? held.failure : undefined;
    return { delivery, failure: own ?? { code, message: detail } };
  }

  return {
    disk,
    progress,
    async publish() {
      const held = disk.get();
      if (held === undefined) return true;
      try {
        await publish(held.record, held.revision);
        return true;
      } catch (error) {
        log('warn', 'The index could not be told of a report; it will be told again', { error });
        return false;
      }
    },
    conclude(delivery, failure) {
      disk.setDelivery(delivery);
      const { endedAt, outcome = 'failed', duration = 0, error } = delivery;
      const { namespace = '', name = '' } = disk.get()?.record ?? {};
      if (endedAt !== undefined) {
        const code = error && { code: error.code };
        observer.report({ target: { namespace, name }, outcome, duration, ...code });
      }
      waiters.tell(delivery.id, { delivery, ...(failure && { failure }) });
    },
    async end(id, timeout) {
      const known = progress(id);
      const blocked = known?.failure !== undefined && disk.get()?.blocked;
      if (known === undefined || known.delivery.state !== 'pending' || blocked) return known;
      return waiters.wait(id, timeout);
    },
  };
}
