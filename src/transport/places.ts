import type { Places } from '../types.ts';

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
      if (signal?.aborted) return Promise.reject(signal.reason);
      return new Promise<void>((resolve, reject) => {
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
