import { capabilities } from '#transport';
import { ProblemError } from '../problem.ts';

/** Values that stay for a while, up to a number; the least recently used one goes first. */
export class ExpiringCache<V> {
  readonly #entries = new Map<string, { readonly value: V; readonly until: number }>();
  readonly #limit: number;
  readonly #now: () => number;

  constructor(limit: number, now: () => number) {
    this.#limit = limit;
    this.#now = now;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (entry.until <= this.#now()) return undefined;
    // A Map is walked in the order of insertion: what was used last goes to its end.
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** @param until milliseconds since the epoch */
  set(key: string, value: V, until: number): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, until });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > this.#limit && oldest !== undefined) this.#entries.delete(oldest);
  }
}

export interface MemoOptions {
  /** Most values kept. */
  readonly limit: number;
  /** Most questions under way at a time; further ones are refused with 429. */
  readonly pending: number;
  readonly now: () => number;
}

/** Asks once what many ask at the same time, and remembers the answer until `until` (milliseconds since the epoch). */
export type Memo = <V>(key: string, ask: () => Promise<{ value: V; until: number }>) => Promise<V>;

/** Failures are not remembered: the next one asks again. */
export function createMemo({ limit, pending, now }: MemoOptions): Memo {
  const cache = new ExpiringCache<{ value: unknown }>(limit, now);
  const asked = new Map<string, Promise<unknown>>();
  let underWay = 0;

  return async <V>(key: string, ask: () => Promise<{ value: V; until: number }>): Promise<V> => {
    const known = cache.get(key);
    if (known !== undefined) return known.value as V;
    const same = asked.get(key);
    if (same !== undefined) return same as Promise<V>;
    if (underWay >= pending) {
      throw new ProblemError('throttled', 'Too many callers are being checked now; try again in a second.');
    }
    const answer = (async () => {
      underWay += 1;
      try {
        const { value, until } = await ask();
        cache.set(key, { value }, until);
        return value;
      } finally {
        underWay -= 1;
        asked.delete(key);
      }
    })();
    // In a Worker no request may wait for what another one does.
    if (capabilities.timers) asked.set(key, answer);
    return answer;
  };
}
