import { isStatusReporterError } from '../errors.ts';
import { createMemo } from './auth/memo.ts';
import { toProblem } from './problem.ts';

/** Checks by their name, as `[+]name ok` shows it. One that throws, or takes longer than 5 s, fails. */
export type Checks = Readonly<Record<string, (signal: AbortSignal) => void | Promise<void>>>;

/** Milliseconds for which a result stands: nobody has to say who they are to ask, so the checks must not be free. */
const standing = 1_000;
/** Milliseconds for one check. */
const patience = 5_000;

/**
 * Health as Kubernetes prints it: `ok`, or with `?verbose`, and whenever a check fails, one line for each check.
 * `?exclude=name` leaves a check out.
 *
 * @param name of the endpoint: `readyz`
 * @see https://kubernetes.io/docs/reference/using-api/health-checks/
 */
export function createHealth(
  name: string,
  checks: Checks,
  onFailure: (check: string, error: unknown) => void,
): (query: Readonly<Record<string, readonly string[]>>) => Promise<{ ok: boolean; text: string }> {
  const memo = createMemo(Object.keys(checks).length, Date.now);

  /** Why a check fails; `undefined` where it does not. Asked once for all who want to know at the same time. */
  const reasonOf = (check: string) =>
    memo.get(check, async () => {
      const value = await run(check, checks[check]!);
      return { value, until: Date.now() + standing };
    });

  async function run(check: string, ask: Checks[string]): Promise<string | undefined> {
    const timeUp = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new Error(`No answer within ${patience} ms`);
        timeUp.abort(error);
        reject(error);
      }, patience);
    });
    try {
      await Promise.race([(async () => ask(timeUp.signal))(), late]);
      return undefined;
    } catch (error) {
      onFailure(check, error);
      // What our own errors say to strangers names no address and no file.
      return isStatusReporterError(error) ? toProblem(error).problem.detail : 'reason withheld';
    } finally {
      clearTimeout(timer);
    }
  }

  return async query => {
    const excluded = new Set(query['exclude']);
    const lines = await Promise.all(
      Object.keys(checks).map(async check => {
        if (excluded.delete(check)) return `[+]${check} excluded: ok`;
        const reason = await reasonOf(check);
        return reason === undefined ? `[+]${check} ok` : `[-]${check} failed: ${reason}`;
      }),
    );
    const ok = lines.every(line => line.startsWith('[+]'));
    if (ok && query['verbose'] === undefined) return { ok, text: 'ok' };
    if (excluded.size > 0) {
      const unknown = [...excluded].map(check => JSON.stringify(check)).join(',');
      lines.push(`warn: some health checks cannot be excluded: no matches for ${unknown}`);
    }
    return { ok, text: `${lines.join('\n')}\n${name} check ${ok ? 'passed' : 'failed'}\n` };
  };
}
