/** The Durable Object of one resource (and credential): its class, and what it reaches. */

import type { Target } from '../../http/target.ts';
import type { ReporterMemory } from '../../reporter/kubernetes/known.ts';
import { toLog } from '../../reporter/logger.ts';
import type { Access, Credentials } from '../../types.ts';
import type { Deliver } from './attempt.ts';
import { credentialsOf } from './credentials.ts';
import { createDeliveryObject, type DeliveryObject } from './delivery-object.ts';
import { bound, type Env } from './env.ts';
import { indexObject, publishRecord } from './index-store.ts';
import { withKeptMemory } from './kept-memory.ts';
import { answer, type ReportAnswer, type ReportMessage } from './messages.ts';
import type { ObjectState } from './platform.ts';
import { createClusterReporter } from './reporter.ts';
import { createToldEvents } from './told-events.ts';

/** Milliseconds for one attempt, quick retries included; between attempts the alarm waits. */
const totalTimeout = 20_000;

export class StatusDelivery {
  readonly #env: Env;
  readonly #object: DeliveryObject;
  readonly #events = createToldEvents();
  /** Keeps the last known object, so that a report which says nothing new costs but one small read. */
  #reporter: Deliver | undefined;

  constructor(state: ObjectState, env: Env) {
    this.#env = env;
    this.#object = createDeliveryObject({
      storage: state.storage,
      reporter: target => {
        this.#reporter ??= withKeptMemory(state.storage.sql, memory =>
          this.#reporterFor(target, credentialsOf(env), memory),
        );
        return this.#reporter;
      },
      publish: (record, revision) =>
        this.#events.hand(events =>
          publishRecord(indexObject(bound(env, 'STATUS_INDEX')), { record, revision, events }),
        ),
      observer: this.#events,
      log: toLog(console),
      now: Date.now,
      random: Math.random,
    });
    void state.blockConcurrencyWhile(() => this.#object.recover());
  }

  fetch(request: Request): Promise<Response> {
    return answer(async () => {
      if (request.method === 'POST') return this.#accept(await request.json());
      const [, , id = ''] = new URL(request.url).pathname.split('/');
      return this.#object.progress(id)?.delivery;
    });
  }

  alarm(): Promise<void> {
    return this.#object.alarm();
  }

  async #accept({ submission, access, suffix, wait }: ReportMessage): Promise<ReportAnswer> {
    if (access !== undefined) {
      // All that comes to this object has the same token.
      this.#reporter ??= this.#reporterFor(submission.target, fixed(access), {});
      return this.#object.deliverNow(submission, this.#reporter, suffix);
    }
    const record = this.#object.accept(submission);
    const progress = wait > 0 ? await this.#object.end(record.delivery.id, wait) : undefined;
    return { record, ...(progress && { ...progress, record: { ...record, delivery: progress.delivery } }) };
  }

  #reporterFor(target: Target, credentials: Credentials, memory: ReporterMemory): Deliver {
    const observer = this.#events;
    return createClusterReporter(this.#env, target, credentials, { totalTimeout, observer, memory });
  }
}

function fixed(access: Access): Credentials {
  return { source: "the caller's own token", access: async () => access };
}
