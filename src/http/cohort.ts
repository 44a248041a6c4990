/**
 * A `fetch` that takes the requests of one turn of the event loop together, after the last of them. Under load they then take
 * every step together, from code that is still in the processor's cache, which saves a fifth of what a report costs; alone,
 * one waits for nothing. For servers that live in one process: on Workers requests share nothing, not even a turn.
 *
 * @param fetch `app.fetch`, or what stands around it
 * @see Larus and Parkes, Using Cohort Scheduling to Enhance Server Performance, USENIX 2002
 */
export function cohort<Arguments extends unknown[]>(
  fetch: (...args: Arguments) => Response | Promise<Response>,
): (...args: Arguments) => Promise<Response> {
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
