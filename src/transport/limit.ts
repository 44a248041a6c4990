import { throwIfAborted } from '../abort.ts';
import type { OwnTransport, Places } from '../types.ts';

/** At most `limit` at a time; the others wait, and leave the queue when aborted. */
export function createPlaces(limit: number): Places {
  const waiting: (() => void)[] = [];
  let taken = 0;

  return {
    enter(signal, ahead) {
      if (taken < limit) {
        taken += 1;
        return undefined;
      }
      return new Promise<void>((resolve, reject) => {
        throwIfAborted(signal);
        const admit = () => {
          signal?.removeEventListener('abort', giveUp);
          resolve();
        };
        const giveUp = () => {
          waiting.splice(waiting.indexOf(admit), 1);
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', giveUp);
        if (ahead) waiting.unshift(admit);
        else waiting.push(admit);
      });
    },
    /** The place goes to the next in line, or becomes free. */
    leave() {
      const next = waiting.shift();
      if (next) next();
      else taken -= 1;
    },
  };
}

/** Lets at most `limit` requests run at a time. */
export function limitConcurrency(transport: OwnTransport, limit: number): OwnTransport {
  const places = createPlaces(limit);
  return {
    async request(request) {
      throwIfAborted(request.signal);
      await places.enter(request.signal);
      try {
        return await transport.request(request);
      } finally {
        places.leave();
      }
    },
    close: () => transport.close(),
  };
}
