/** Taken at once: fake timers would hold every request. */
const { setImmediate } = globalThis;

/**
 * A `fetch` that takes the requests of one turn of the event loop together, after the last of them: cohort scheduling. Under
 * load they then take every step together, from code that is still in the processor's cache; alone, a request waits no
 * longer than for what else its turn brings. Where there is no `setImmediate`, requests are taken as they come.
 *
 * For servers that live in a process. Never on Workers: there no request may wait for another one's work.
 *
 * @param fetch `app.fetch`, or what stands around it
 * @see Larus and Parkes, Using Cohort Scheduling to Enhance Server Performance, USENIX 2002
 */
export function cohort<Arguments extends unknown[], Answer = Response>(
  fetch: (...args: Arguments) => Answer | Promise<Answer>,
): (...args: Arguments) => Promise<Answer> {
  if (setImmediate === undefined) return async (...args) => fetch(...args);
  let turn: Promise<void> | undefined;
  const begin = (resolve: () => void) =>
    setImmediate(() => {
      turn = undefined;
      resolve();
    });

  return async (...args) => {
    turn ??= new Promise<void>(begin);
    await turn;
    return fetch(...args);
  };
}
