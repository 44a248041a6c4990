import { setImmediate } from 'node:timers';

/** Answers that ended in one turn of the event loop. */
interface Cohort {
  readonly ended: PromiseWithResolvers<void>;
  away: number;
}

let cohort: Cohort | undefined;

/**
 * The next turn of the event loop, in which all answers of this one go on together, after the last: many reports at once then
 * take every step together, from code that is still in the processor's cache.
 */
export function nextTurn(): Promise<void> {
  cohort ??= { ended: Promise.withResolvers(), away: 0 };
  const mine = cohort;
  mine.away++;
  setImmediate(() => {
    if (cohort === mine) cohort = undefined;
    if (--mine.away === 0) mine.ended.resolve();
  });
  return mine.ended.promise;
}
