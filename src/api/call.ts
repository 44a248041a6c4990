/** One call of ours, which may take many requests: its deadline, its signal, its counts. */

import { StatusReporterError } from '../errors.ts';
import { now, Step } from './step.ts';

/** What a call has cost so far, and how long it may still go on. */
export class Call {
  /** HTTP requests sent. */
  requests = 0;
  /** Times the whole exchange was begun, 1 when nothing went wrong. */
  attempts = 1;
  /** When it is over, by {@link now}. */
  readonly deadline: number;
  readonly #totalTimeout: number;
  readonly #signal: AbortSignal | undefined;
  /** Those under way: few, one within the other. */
  #steps: readonly Step[] = [];
  #cancelled: StatusReporterError | undefined;

  /**
   * @param totalTimeout milliseconds from now until the call has to be over, waiting included
   * @param signal the caller's
   */
  constructor(totalTimeout: number, signal?: AbortSignal) {
    this.#totalTimeout = totalTimeout;
    this.#signal = signal;
    this.deadline = now() + totalTimeout;
  }

  /** Milliseconds left. */
  get remaining(): number {
    return this.deadline - now();
  }

  /** @throws StatusReporterError `aborted` or `timeout` */
  check(): void {
    if (this.#cancelled) throw this.#cancelled;
    if (this.#signal?.aborted) throw this.aborted();
    if (this.remaining <= 0) throw this.expired();
  }

  /** Ends the call from outside: every step rejects with `error`. */
  cancel(error: StatusReporterError): void {
    this.#cancelled = error;
    for (const step of this.#steps) step.abort(error);
  }

  /**
   * Runs one step, and rejects as soon as that is aborted.
   *
   * @param timeout milliseconds until it is
   */
  step<T>(run: (step: Step) => Promise<T>, timeout = Infinity): Promise<T> {
    return new Promise((resolve, reject) => {
      this.check();
      const step = new Step(this, reject);
      this.#steps = [...this.#steps, step];
      this.#signal?.addEventListener('abort', step);
      step.within(timeout);
      const fail = (error: unknown) => {
        this.leave(step);
        reject(error);
      };
      try {
        run(step).then(value => {
          this.leave(step);
          resolve(value);
        }, fail);
      } catch (error) {
        fail(error);
      }
    });
  }

  /** Nothing aborts the step any more. Idempotent. */
  leave(step: Step): void {
    step.stopTimer();
    this.#steps = this.#steps.filter(other => other !== step);
    this.#signal?.removeEventListener('abort', step);
  }

  /** Waits; an abort or the deadline ends it early by throwing. */
  sleep(milliseconds: number): Promise<void> {
    return this.step(
      step =>
        new Promise(resolve => {
          const timer = setTimeout(resolve, milliseconds);
          step.addEventListener('abort', () => clearTimeout(timer));
        }),
    );
  }

  aborted(): StatusReporterError {
    return new StatusReporterError('aborted', 'The signal aborted the report.', {
      cause: this.#signal?.reason,
    });
  }

  expired(): StatusReporterError {
    return new StatusReporterError(
      'timeout',
      `Not delivered within totalTimeout (${this.#totalTimeout} ms, ${this.requests} requests sent).`,
    );
  }
}
