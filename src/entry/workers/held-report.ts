/** The last accepted report of a resource on the disk of its Durable Object, and how far recent deliveries are. */

import type { Delivery, ResourceRecord } from '../../http/model.ts';
import type { Position } from '../../http/ordering.ts';
import type { Failure } from './failure.ts';
import type { SqlStorage, SqlValue } from './platform.ts';

/** What is known of the resource. */
export interface Held {
  /** The last accepted report. */
  readonly record: ResourceRecord;
  /** Until where its instances have come. */
  readonly positions: readonly Position[];
  /** Attempts in a row that failed, those at earlier reports included. */
  readonly failures: number;
  /** Why the last attempt at this report failed. */
  readonly failure?: Failure;
  /** Whether that is something that somebody has to mend. */
  readonly blocked?: boolean;
  /** No attempt before; milliseconds since the epoch. */
  readonly retryAt?: number;
  /** Whether it is delivered with a credential that is not kept. */
  readonly passthrough?: boolean;
  /** Grows with every change, so that the index keeps the latest whatever arrives first. */
  readonly revision: number;
}

/** All of it is synchronous: what is written without an `await` in between is on disk together, or not at all. */
export interface HeldReport {
  get(): Held | undefined;
  /** A new report. @returns it */
  replace(held: Held): Held;
  /** The same report, further: its status is not written again. */
  update(held: Held): void;
  /** The state of a recent delivery. */
  delivery(id: string): Delivery | undefined;
  setDelivery(delivery: Delivery): void;
  /** Those that did not end. */
  pending(): Delivery[];
  /** Forgets everything: the disk has been emptied. */
  forget(): void;
}

/** Deliveries whose state can still be asked for. */
const remembered = 100;

export function createHeldReport(sql: SqlStorage): HeldReport {
  // An object that was only asked leaves nothing on the disk.
  let created = sql.exec("SELECT name FROM sqlite_master WHERE name = 'held'").toArray().length > 0;
  let cached: Held | undefined;

  const select = <Row extends Record<string, SqlValue>>(query: string, ...bindings: SqlValue[]): Row[] =>
    created ? sql.exec<Row>(query, ...bindings).toArray() : [];

  function setDelivery(delivery: Delivery): void {
    sql.exec(
      'INSERT INTO deliveries (id, state, body) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body',
      delivery.id,
      delivery.state,
      JSON.stringify(delivery),
    );
  }

  return {
    get() {
      if (cached !== undefined) return cached;
      const [row] = select<{ status: string; state: string }>('SELECT status, state FROM held');
      if (row === undefined) return undefined;
      const held: Held = JSON.parse(row.state);
      cached = { ...held, record: { ...held.record, status: JSON.parse(row.status) } };
      return cached;
    },
    replace(held) {
      if (!created) createTables(sql);
      created = true;
      const { status, state } = toRow(held);
      sql.exec('INSERT OR REPLACE INTO held (slot, status, state) VALUES (1, ?, ?)', status, state);
      cached = held;
      setDelivery(held.record.delivery);
      sql.exec(
        'DELETE FROM deliveries WHERE sequence <= (SELECT max(sequence) FROM deliveries) - ?',
        remembered,
      );
      return held;
    },
    update(held) {
      sql.exec('UPDATE held SET state = ?', toRow(held).state);
      cached = held;
      setDelivery(held.record.delivery);
    },
    delivery(id) {
      const [row] = select<{ body: string }>('SELECT body FROM deliveries WHERE id = ?', id);
      return row && JSON.parse(row.body);
    },
    setDelivery,
    pending: () =>
      select<{ body: string }>("SELECT body FROM deliveries WHERE state = 'pending'").map(({ body }) =>
        JSON.parse(body),
      ),
    forget() {
      cached = undefined;
      created = false;
    },
  };
}

function createTables(sql: SqlStorage): void {
  sql.exec('CREATE TABLE held (slot INTEGER PRIMARY KEY, status TEXT NOT NULL, state TEXT NOT NULL)');
  sql.exec(
    'CREATE TABLE deliveries (sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, state TEXT NOT NULL, body TEXT NOT NULL)',
  );
}

/** The status apart: it is most of it, and does not change while it is being delivered. */
function toRow(held: Held): { status: string; state: string } {
  const { status, ...record } = held.record;
  return { status: JSON.stringify(status), state: JSON.stringify({ ...held, record }) };
}
