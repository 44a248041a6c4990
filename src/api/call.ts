/** One call of ours, which may take many requests: its deadline, its signal, its counts. */

import { StatusReporterError } from '../errors.ts';

/** Whatever happens to the clock on the wall, a wait takes no longer. */
const now = () => performance.now();

/** What a call has cost so far, and how long it may still go on. */
export class Call {
  /** HTTP requests sent. */
  requests = 0;
  /** Times the whole exchange was begun, 1 when nothing went wrong. */
  attempts = 1;
  readonly #totalTimeout: number;
  readonly #deadline: number;
  readonly #signal: AbortSignal | undefined;
  readonly #steps = new Set<(reason: StatusReporterError) => void>();
  #cancelled: StatusReporterError | undefined;

  /**
   * @param totalTimeout milliseconds from now until the call has to be over, waiting included
   * @param signal the caller's
   */
  constructor(totalTimeout: number, signal?: AbortSignal) {
    this.#totalTimeout = totalTimeout;
    this.#deadline = now() + totalTimeout;
    this.#signal = signal;
  }

  /** Milliseconds left. */
  get remaining(): number {
    return this.#deadline - now();
  }

  /** @throws StatusReporterError `aborted` or `timeout` */
  check(): void {
    if (this.#cancelled) throw this.#cancelled;
    if (this.#signal?.aborted) throw this.#aborted();
    if (this.remaining <= 0) throw this.#expired();
  }

  /** Ends the call from outside: every step rejects with `error`. */
  cancel(error: StatusReporterError): void {
    this.#cancelled = error;
    for (const end of this.#steps) end(error);
  }

  /**
   * Runs one step with a signal of its own, which fires when the step takes longer than `timeout`, when the call is over
   * and when the caller aborts.
   *
   * @param run `within` puts another timeout in place of the one before, from now on
   */
  step<T>(
    run: (signal: AbortSignal, within: (timeout: number) => void) => Promise<T>,
    timeout = Infinity,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      this.check();
      const controller = new AbortController();
      // Whatever a transport makes of an abort, and when, the reason is ours.
      const end = (reason: StatusReporterError) => {
        leave();
        reject(reason);
        controller.abort(reason);
      };
      let timer: ReturnType<typeof setTimeout> | undefined;
      let wakesAt = Infinity;
      let endsAt: number;
      const within = (patience: number) => {
        timeout = patience;
        endsAt = Math.min(now() + timeout, this.#deadline);
        // A timer that wakes too early costs less than another one.
        if (wakesAt > endsAt && !controller.signal.aborted) wake();
      };
      const wake = () => {
        const left = endsAt - now();
        clearTimeout(timer);
        wakesAt = endsAt;
        if (left > 1) timer = setTimeout(wake, left);
        else {
          end(
            endsAt < this.#deadline
              ? new StatusReporterError('timeout', `No answer within timeout (${timeout} ms).`)
              : this.#expired(),
          );
        }
      };
      const abort = () => end(this.#aborted());
      const leave = () => {
        clearTimeout(timer);
        this.#steps.delete(end);
        this.#signal?.removeEventListener('abort', abort);
      };
      this.#steps.add(end);
      this.#signal?.addEventListener('abort', abort);
      within(timeout);
      run(controller.signal, within).then(
        value => {
          leave();
          resolve(value);
        },
        error => {
          leave();
          reject(error);
        },
      );
    });
  }

  /** Waits; an abort or the deadline ends it early by throwing. */
  sleep(milliseconds: number): Promise<void> {
    return this.step(
      signal =>
        new Promise(resolve => {
          const timer = setTimeout(resolve, milliseconds);
          signal.addEventListener('abort', () => clearTimeout(timer));
        }),
    );
  }

  #aborted(): StatusReporterError {
    return new StatusReporterError('aborted', 'The signal aborted the report.', {
      cause: this.#signal?.reason,
    });
  }

  #expired(): StatusReporterError {
    return new StatusReporterError(
      'timeout',
      `Not delivered within totalTimeout (${this.#totalTimeout} ms, ${this.requests} requests sent).`,
    );
  }
}
