import { lastingTimers } from '#transport';
import { Recent } from '../recent.ts';

/** Values that stay for a while, up to a number; the least recently used one goes first. */
export class ExpiringCache<V> {
  readonly #entries: Recent<{ readonly value: V; readonly until: number }>;
  readonly #now: () => number;

  constructor(limit: number, now: () => number) {
    this.#entries = new Recent(limit);
    this.#now = now;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.use(key);
    if (entry === undefined || entry.until > this.#now()) return entry?.value;
    this.#entries.take(key);
    return undefined;
  }

  /** @param until milliseconds since the epoch */
  set(key: string, value: V, until: number): void {
    this.#entries.set(key, { value, until });
  }
}

/** Questions under way, by key. */
export type UnderWay = Map<string, Promise<unknown>>;

export interface Memo {
  /** Where questions are shared by all requests; on Workers, where none may wait for what another one does, by nobody. */
  readonly common: UnderWay | undefined;
  /**
   * Asks once what many ask at the same time, and remembers the answer until `until` (milliseconds since the epoch).
   * Failures are not remembered: the next one asks again.
   *
   * @param underWay among whom questions are shared
   */
  get<V>(
    key: string,
    ask: () => Promise<{ value: V; until: number }>,
    underWay?: UnderWay | undefined,
  ): Promise<V>;
}

/** @param limit most values kept */
export function createMemo(limit: number, now: () => number): Memo {
  const cache = new ExpiringCache<{ value: unknown }>(limit, now);
  const common: UnderWay | undefined = lastingTimers ? new Map() : undefined;

  return {
    common,
    async get<V>(
      key: string,
      ask: () => Promise<{ value: V; until: number }>,
      underWay: UnderWay | undefined = common,
    ) {
      const known = cache.get(key);
      if (known !== undefined) return known.value as V;
      const same = underWay?.get(key);
      if (same !== undefined) return same as Promise<V>;
      const answer = ask()
        .then(({ value, until }) => {
          cache.set(key, { value }, until);
          return value;
        })
        .finally(() => underWay?.delete(key));
      underWay?.set(key, answer);
      return answer;
    },
  };
}

/** Lets at most `most` tasks run at a time; the others wait in order. */
export function createGate(most: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;

  return async task => {
    if (running < most) running += 1;
    else await new Promise<void>(resolve => waiting.push(resolve));
    try {
      return await task();
    } finally {
      // The place goes to the next in line, or becomes free.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
