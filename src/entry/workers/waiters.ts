/** Requests that wait for the end of a delivery. */

export interface Waiters<T> {
  /**
   * What {@link Waiters.tell} says of `id`; `undefined` where it says nothing in time.
   *
   * @param timeout milliseconds
   */
  wait(id: string, timeout: number): Promise<T | undefined>;
  tell(id: string, news: T): void;
}

export function createWaiters<T>(): Waiters<T> {
  const waiting = new Map<string, Set<(news: T) => void>>();
  return {
    wait: (id, timeout) =>
      new Promise(resolve => {
        const listeners = waiting.get(id) ?? new Set();
        waiting.set(id, listeners);
        const end = (news?: T) => {
          clearTimeout(timer);
          listeners.delete(end);
          if (listeners.size === 0 && waiting.get(id) === listeners) waiting.delete(id);
          resolve(news);
        };
        const timer = setTimeout(end, timeout);
        listeners.add(end);
      }),
    tell(id, news) {
      for (const end of [...(waiting.get(id) ?? [])]) end(news);
    },
  };
}
