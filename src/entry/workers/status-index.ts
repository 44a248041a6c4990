/** The Durable Object that knows the last report of every resource: what lists, events and the page show. */

import { tokenExpiry } from '../../credentials/token.ts';
import { defined } from '../../defined.ts';
import type { Activity } from '../../http/metrics/events.ts';
import { createMetrics } from '../../http/metrics/metrics.ts';
import type { ResourceRecord } from '../../http/model.ts';
import { createMemoryStore, type MemoryStore } from '../../http/store.ts';
import type { Credentials } from '../../types.ts';
import { version } from '../version.ts';
import { credentialsOf } from './credentials.ts';
import type { MetricsMessage } from './edge-metrics.ts';
import type { Env } from './env.ts';
import { answer, type RecordMessage } from './messages.ts';
import type { ObjectState, SqlStorage } from './platform.ts';

/** Resources remembered; the one that reported least recently goes. */
const most = 1000;
/** A quiet stream says in between that it is there. Milliseconds. */
const quiet = 15_000;

export class StatusIndex {
  readonly #sql: SqlStorage;
  readonly #store: MemoryStore = createMemoryStore({ limit: most });

  readonly #credentials: Credentials;
  readonly #metrics = createMetrics({ version, activity: () => this.#activity() });

  constructor({ storage }: ObjectState, env: Env) {
    this.#credentials = credentialsOf(env);
    this.#sql = storage.sql;
    this.#sql.exec(
      'CREATE TABLE IF NOT EXISTS records (namespace TEXT, name TEXT, revision INTEGER NOT NULL, record TEXT NOT NULL, PRIMARY KEY (namespace, name))',
    );
    const rows = this.#sql.exec<{ record: string }>('SELECT record FROM records ORDER BY revision').toArray();
    for (const { record } of rows) this.#store.put(JSON.parse(record));
  }

  fetch(request: Request): Response | Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === '/changes') return this.#changes();
    return answer(async () => {
      if (request.method === 'PUT') return this.#put(await request.json());
      if (pathname === '/metrics') return this.#text(await request.json());
      return pathname === '/records' ? this.#store.list() : undefined;
    });
  }

  /** What the delivery objects counted since this object was started last. */
  #text({ resources }: MetricsMessage): Promise<string> {
    const records = resources.map(target => this.#store.get(target)).filter(record => record !== undefined);
    return this.#metrics.text(records);
  }

  #put({ record, revision, events }: RecordMessage): void {
    for (const event of events) {
      if ('report' in event) this.#metrics.report(event.report);
      else this.#metrics.request(event.request);
    }
    const { namespace, name } = record;
    const { length } = this.#sql
      .exec(
        `INSERT INTO records VALUES (?, ?, ?, ?) ON CONFLICT (namespace, name)
        DO UPDATE SET revision = excluded.revision, record = excluded.record WHERE excluded.revision > records.revision
        RETURNING revision`,
        namespace,
        name,
        revision,
        JSON.stringify(record),
      )
      .toArray();
    // An older message that came later.
    if (length === 0) return;
    this.#sql.exec(
      'DELETE FROM records WHERE revision < (SELECT revision FROM records ORDER BY revision DESC LIMIT 1 OFFSET ?)',
      most - 1,
    );
    this.#store.put(record);
  }

  async #activity(): Promise<Activity> {
    const access = await this.#credentials.access().catch(() => undefined);
    const pending = this.#store.list().filter(({ delivery }) => delivery.state === 'pending');
    const waiting = pending.filter(({ delivery }) => delivery.error !== undefined).length;
    return {
      inFlight: pending.length - waiting,
      queued: waiting,
      ...defined({ tokenExpiresAt: tokenExpiry(access?.token) }),
    };
  }

  /** Every record from now on, a line of JSON each, until the reader goes. */
  #changes(): Response {
    const gone = new AbortController();
    const changes = this.#store.changes(gone.signal)[Symbol.asyncIterator]();
    let next: Promise<IteratorResult<ResourceRecord>> | undefined;
    const lines = new ReadableStream<Uint8Array>({
      async pull(controller) {
        next ??= changes.next();
        const step = await soon(next, quiet);
        if (step?.done) return controller.close();
        if (step !== undefined) next = undefined;
        const line = step === undefined ? '' : JSON.stringify(step.value);
        controller.enqueue(new TextEncoder().encode(`${line}\n`));
      },
      cancel: () => gone.abort(),
    });
    return new Response(lines, { headers: { 'content-type': 'application/x-ndjson' } });
  }
}

/** What `work` brings; `undefined` where it takes longer than `timeout` milliseconds. */
async function soon<T>(work: Promise<T>, timeout: number): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), timeout);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
