/** One delivery at a time; of those that wait, only the latest. */

import type { Abort } from '../../abort.ts';

/** A delivery that takes its turn. */
export interface LatestQueue<T, R> {
  /**
   * Delivers `item` now, or after the delivery under way; then the one that waited before is resolved as superseded.
   *
   * @param waiting aborts the wait, not the delivery: that has a signal of its own
   */
  push(item: T, waiting?: Abort): Promise<R>;
  /** Whether a delivery is under way. */
  busy(): boolean;
  /** Resolves when nothing is under way or waiting. Never rejects. */
  idle(): Promise<void>;
}

interface Waiting<T, R> {
  readonly item: T;
  resolve(result: R): void;
  reject(error: unknown): void;
}

export function createLatestQueue<T, R>(
  deliver: (item: T) => Promise<R>,
  superseded: (item: T) => R,
): LatestQueue<T, R> {
  let next: Waiting<T, R> | undefined;
  let running: Promise<void> | undefined;

  function drain({ item, resolve, reject }: Waiting<T, R>): void {
    running = deliver(item).then(
      result => {
        resolve(result);
        proceed();
      },
      error => {
        reject(error);
        proceed();
      },
    );
  }

  function proceed(): void {
    running = undefined;
    if (next === undefined) return;
    const turn = next;
    next = undefined;
    drain(turn);
  }

  return {
    push: (item, waiting) =>
      new Promise<R>((resolve, reject) => {
        const turn: Waiting<T, R> = { item, resolve, reject };
        if (running === undefined) {
          drain(turn);
          return;
        }
        next?.resolve(superseded(next.item));
        next = turn;
        waiting?.addEventListener('abort', () => {
          if (next !== turn) return;
          next = undefined;
          reject(waiting.reason);
        });
      }),
    busy: () => running !== undefined,
    async idle() {
      while (running !== undefined) await running;
    },
  };
}
