import type { Transport } from '../types.ts';
import { untilAborted } from './failure.ts';

/** Lets at most `limit` requests run at a time; the others wait in order, and leave the queue when aborted. */
export function limitConcurrency(transport: Transport, limit: number): Transport {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function enter(signal: AbortSignal | undefined): Promise<void> {
    if (running < limit) {
      running += 1;
      return;
    }
    let admit = () => {};
    const turn = new Promise<void>(resolve => {
      admit = resolve;
      waiting.push(resolve);
    });
    try {
      await untilAborted(turn, signal);
    } catch (reason) {
      const place = waiting.indexOf(admit);
      if (place >= 0) waiting.splice(place, 1);
      else leave();
      throw reason;
    }
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
