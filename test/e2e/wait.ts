/** Asks again and again until the answer is not undefined or false; the last failure explains a timeout. */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  { timeout = 90_000, interval = 25 }: { timeout?: number; interval?: number } = {},
): Promise<T> {
  const deadline = Date.now() + timeout;
  let last: unknown = 'no answer yet';
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = 'not yet';
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) {
      const reason = last instanceof Error ? last.message : String(last);
      throw new Error(`waited ${timeout} ms for ${what}; last: ${reason}`, { cause: last });
    }
    await new Promise(resolve => setTimeout(resolve, interval));
  }
}
