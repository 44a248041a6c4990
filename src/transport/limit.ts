import type { Transport } from '../types.ts';

/** Lets at most `limit` requests run at a time; the others wait in order, and leave the queue when aborted. */
export function limitConcurrency(transport: Transport, limit: number): Transport {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function enter(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (running < limit) {
      running += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const admit = () => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        waiting.splice(waiting.indexOf(admit), 1);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      waiting.push(admit);
    });
  }

  /** The place goes to the next in line, or becomes free. */
  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }

  return {
    async request(request) {
      await enter(request.signal);
      try {
        return await transport.request(request);
      } finally {
        leave();
      }
    },
    close: () => transport.close(),
  };
}
