import { ConfigurationError } from '../errors.ts';
import { createFairQueue } from './fair-queue.ts';

/** Options of {@link createScheduler}. */
export interface SchedulerOptions {
  /** Most requests under way at once. Default 16. */
  readonly concurrency?: number;
  /** Most requests begun per second, on average. Default 50. */
  readonly requestsPerSecond?: number;
  /** Most requests begun at once after a quiet time. Default twice `requestsPerSecond`, at least 1. */
  readonly burst?: number;
  /** The clock, in milliseconds. Default `Date.now`. */
  readonly now?: () => number;
}

/** Lets requests to the API server go, in turns and within limits. */
export interface Scheduler {
  /**
   * Runs `send` when it is its turn.
   *
   * @param key between these turns are taken: one for each resource
   * @param options.signal ends the wait; the reason is thrown
   */
  run<T>(key: string, send: () => Promise<T>, options: { readonly signal: AbortSignal }): Promise<T>;
  /** Requests that wait for their turn. */
  readonly waiting: number;
  /** Requests under way. */
  readonly active: number;
}

/**
 * One limit for all resources, on requests at once and per second, and turns between them: whoever has much to send
 * waits for itself.
 *
 * @throws ConfigurationError where a limit would let nothing through
 */
export function createScheduler(options: SchedulerOptions = {}): Scheduler {
  const { concurrency = 16, requestsPerSecond = 50, now = Date.now } = options;
  const { burst = Math.max(1, 2 * requestsPerSecond) } = options;
  if (!(concurrency >= 1 && requestsPerSecond > 0 && burst >= 1)) {
    throw new ConfigurationError(
      `Expected concurrency and burst of at least 1 and requestsPerSecond of more than 0, found ${concurrency}, ${burst} and ${requestsPerSecond}`,
    );
  }
  const queue = createFairQueue<() => void>();
  let active = 0;
  let tokens = burst;
  let filledAt = now();
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** A token bucket. @returns milliseconds until there is a token; 0 where one was taken */
  function take(): number {
    const at = now();
    // A clock that was set back gives nothing, and takes nothing away.
    tokens = Math.min(burst, tokens + (Math.max(0, at - filledAt) * requestsPerSecond) / 1000);
    filledAt = at;
    if (tokens < 1) return Math.ceil(((1 - tokens) * 1000) / requestsPerSecond);
    tokens -= 1;
    return 0;
  }

  /** Takes a place where there is one at once: then nobody waits for it, or `pump` would have given it away. */
  function mayGo(): boolean {
    if (timer !== undefined || active >= concurrency || take() > 0) return false;
    active++;
    return true;
  }

  /** Waits for a place. */
  function turn(key: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        if (queue.remove(key, start)) reject(signal.reason);
      };
      const start = () => {
        signal.removeEventListener('abort', leave);
        active++;
        resolve();
      };
      signal.addEventListener('abort', leave);
      queue.push(key, start);
      pump();
    });
  }

  function pump(): void {
    while (timer === undefined && active < concurrency && queue.size > 0) {
      const wait = take();
      if (wait === 0) queue.shift()?.();
      else {
        timer = setTimeout(() => {
          timer = undefined;
          pump();
        }, wait);
      }
    }
  }

  return {
    get waiting() {
      return queue.size;
    },
    get active() {
      return active;
    },
    async run(key, send, { signal }) {
      if (signal.aborted) throw signal.reason;
      if (!mayGo()) await turn(key, signal);
      try {
        return await send();
      } finally {
        active--;
        pump();
      }
    },
  };
}
