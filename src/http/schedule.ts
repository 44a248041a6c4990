import type { Schedule } from '../types.ts';
import type { Observer } from './metrics/events.ts';
import type { Scheduler } from './scheduler.ts';
import type { Target } from './target.ts';

/** Lets the requests on one resource go when it is their turn, and tells how each one ends. */
export function scheduleFor(
  { namespace, name }: Target,
  scheduler: Scheduler,
  observer: Pick<Observer, 'request'> | undefined,
): Schedule {
  const key = `${namespace}/${name}`;
  return (send, { method, attempt, signal }) =>
    scheduler.run(
      key,
      async () => {
        const started = performance.now();
        let status: number | undefined;
        try {
          const answer = await send();
          status = answer.status;
          return answer;
        } finally {
          const duration = performance.now() - started;
          observer?.request(
            status === undefined ? { method, attempt, duration } : { method, attempt, duration, status },
          );
        }
      },
      { signal },
    );
}
