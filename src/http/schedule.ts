import type { Schedule } from '../types.ts';
import type { Observer } from './metrics/events.ts';
import type { Scheduler } from './scheduler.ts';
import type { Target } from './target.ts';

/** Lets the requests on one resource go when it is their turn, and tells of how each one ends. */
export function scheduleFor(
  { namespace, name }: Target,
  scheduler: Scheduler,
  observer: Pick<Observer, 'request'> | undefined,
): Schedule {
  const key = `${namespace}/${name}`;
  return (send, { method, attempt, signal }) => {
    const run = async () => {
      const started = performance.now();
      const tell = (status?: number) =>
        observer?.request({
          method,
          attempt,
          duration: performance.now() - started,
          ...(status !== undefined && { status }),
        });
      try {
        const answer = await send();
        tell(answer.status);
        return answer;
      } catch (error) {
        tell();
        throw error;
      }
    };
    return scheduler.run(key, run, { signal });
  };
}
