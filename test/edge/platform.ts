// The part of the Workers platform that the service stands on, in this process: objects by name, SQLite, alarms that ring
// when the test says so.
import { DatabaseSync } from 'node:sqlite';
import type { ObjectNamespace, ObjectState, SqlValue } from '../../src/entry/workers/platform.ts';

interface DurableObject {
  fetch(request: Request): Response | Promise<Response>;
  alarm?(): Promise<void>;
}

export interface Storage {
  /** When the alarm rings; milliseconds since the epoch. */
  alarm: number | null;
}

export function createStorage(): ObjectState['storage'] & Storage {
  const database = new DatabaseSync(':memory:');
  const tables = "SELECT name FROM sqlite_schema WHERE type = 'table'";
  return {
    alarm: null,
    sql: {
      exec: <Row extends Record<string, SqlValue>>(query: string, ...bindings: SqlValue[]) => {
        const rows = database.prepare(query).all(...bindings) as Row[];
        return { toArray: () => rows };
      },
    },
    async getAlarm() {
      return this.alarm;
    },
    async setAlarm(at) {
      this.alarm = at;
    },
    async deleteAlarm() {
      this.alarm = null;
    },
    async deleteAll() {
      for (const { name } of database.prepare(tables).all()) database.exec(`DROP TABLE ${name}`);
    },
  };
}

export interface Objects extends ObjectNamespace {
  /** Names of those that were asked. */
  readonly names: string[];
  /** Lets every alarm that is set ring. */
  ring(): Promise<void>;
}

/** A namespace of Durable Objects in which `create` makes each. */
export function createObjects(create: (state: ObjectState) => DurableObject): Objects {
  const objects = new Map<string, { object: DurableObject; storage: Storage; ready: Promise<unknown> }>();
  function named(name: string) {
    const known = objects.get(name);
    if (known !== undefined) return known;
    const storage = createStorage();
    const made = {
      storage,
      ready: Promise.resolve() as Promise<unknown>,
      object: undefined as unknown as DurableObject,
    };
    made.object = create({
      storage,
      blockConcurrencyWhile: work => {
        const done = work();
        made.ready = done;
        return done;
      },
    });
    objects.set(name, made);
    return made;
  }
  return {
    get names() {
      return [...objects.keys()];
    },
    idFromName: name => name,
    get: name => ({
      async fetch(url, init) {
        const { object, ready } = named(name);
        await ready;
        return object.fetch(new Request(url, init));
      },
    }),
    async ring() {
      for (const { object, storage } of objects.values()) {
        if (storage.alarm === null) continue;
        storage.alarm = null;
        await object.alarm?.();
      }
    },
  };
}
