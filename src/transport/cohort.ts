import { setImmediate } from 'node:timers';

/** Answers that ended in one turn of the event loop. */
interface Cohort {
  readonly next: (() => void)[];
  away: number;
}

let cohort: Cohort | undefined;

/**
 * Calls back in the next turn of the event loop, in which all answers of this one go on together, after the last: many
 * reports at once then take every step together, from code that is still in the processor's cache.
 */
export function inNextTurn(goOn: () => void): void {
  cohort ??= { next: [], away: 0 };
  const mine = cohort;
  mine.next.push(goOn);
  mine.away++;
  setImmediate(() => {
    if (cohort === mine) cohort = undefined;
    if (--mine.away === 0) for (const next of mine.next) next();
  });
}
