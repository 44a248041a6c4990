/** What is used of the Workers runtime: its types, and no more of them. */

/** One value of SQLite. */
export type SqlValue = string | number | null;

/** @see https://developers.cloudflare.com/durable-objects/api/sqlite-storage-api/ */
export interface SqlStorage {
  exec<Row extends Record<string, SqlValue>>(query: string, ...bindings: SqlValue[]): { toArray(): Row[] };
}

/** @see https://developers.cloudflare.com/durable-objects/api/alarms/ */
export interface ObjectStorage {
  readonly sql: SqlStorage;
  getAlarm(): Promise<number | null>;
  /** @param at milliseconds since the epoch */
  setAlarm(at: number): Promise<void>;
  deleteAlarm(): Promise<void>;
  deleteAll(): Promise<void>;
}

/** @see https://developers.cloudflare.com/durable-objects/api/state/ */
export interface ObjectState {
  readonly storage: ObjectStorage;
  blockConcurrencyWhile<T>(work: () => Promise<T>): Promise<T>;
}

/** Reaches one Durable Object. */
export interface ObjectStub {
  fetch(url: string, init?: RequestInit): Promise<Response>;
}

/** @see https://developers.cloudflare.com/durable-objects/api/namespace/ */
export interface ObjectNamespace {
  idFromName(name: string): unknown;
  get(id: never): ObjectStub;
}
