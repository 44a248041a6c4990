import type { ResourceRecord, Store } from './model.ts';
import { Recent } from './recent.ts';
import type { Target } from './target.ts';

/** Options of {@link createMemoryStore}. */
export interface MemoryStoreOptions {
  /** Most resources remembered; the one that reported least recently goes. Default 1000. */
  readonly limit?: number;
}

/** A {@link Store} that answers at once, and what dispatchers need of it. */
export interface MemoryStore extends Store {
  /** Replaces the record of a resource, and tells everybody who listens. */
  put(record: ResourceRecord): void;
  get(target: Target): ResourceRecord | undefined;
  list(): readonly ResourceRecord[];
}

/**
 * Records in the memory of this process. Whoever reads changes more slowly than they happen gets the latest record of
 * each resource: no more waits for a reader than there are resources.
 */
export function createMemoryStore({ limit = 1000 }: MemoryStoreOptions = {}): MemoryStore {
  const records = new Recent<ResourceRecord>(limit);
  const listeners = new Set<(key: string, record: ResourceRecord) => void>();

  return {
    put(record) {
      const key = keyOf(record);
      records.set(key, record);
      for (const tell of listeners) tell(key, record);
    },
    get: target => records.get(keyOf(target)),
    list: () => [...records.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, record]) => record),
    changes(signal) {
      const waiting = new Recent<ResourceRecord>(limit);
      let wake = () => {};
      const hear = (key: string, record: ResourceRecord) => {
        waiting.set(key, record);
        wake();
      };
      const stop = () => {
        listeners.delete(hear);
        wake();
      };
      // From now on, not from the first step of the iteration.
      if (!signal.aborted) listeners.add(hear);
      signal.addEventListener('abort', stop);

      async function* read(): AsyncGenerator<ResourceRecord> {
        try {
          while (!signal.aborted) {
            const [key] = waiting.keys();
            if (key === undefined) await new Promise<void>(resolve => (wake = resolve));
            else yield waiting.take(key)!;
          }
        } finally {
          signal.removeEventListener('abort', stop);
          stop();
        }
      }
      return read();
    },
  };
}

/** Sorts by namespace, then name: the separator is less than all that names consist of. */
function keyOf({ namespace, name }: Target): string {
  return `${namespace} ${name}`;
}
