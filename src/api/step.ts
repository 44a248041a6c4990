import type { Abort } from '../abort.ts';
import { StatusReporterError } from '../errors.ts';
import type { Call } from './call.ts';

/** Milliseconds. Whatever happens to the clock on the wall, a wait takes no longer. */
export const now = () => performance.now();

/**
 * One step of a call. It is aborted when it takes longer than its timeout, when the call is over, and when the caller aborts;
 * whatever becomes of that, and when, the reason is ours.
 */
export class Step implements Abort {
  aborted = false;
  reason: unknown;
  readonly #call: Call;
  readonly #reject: (reason: StatusReporterError) => void;
  #timeout = Infinity;
  #endsAt = Infinity;
  #wakesAt = Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #listeners: (() => void)[] = [];
  #controller: AbortController | undefined;

  /** @param reject told of the abort */
  constructor(call: Call, reject: (reason: StatusReporterError) => void) {
    this.#call = call;
    this.#reject = reject;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.aborted) this.#controller.abort(this.reason);
    return this.#controller.signal;
  }

  addEventListener(_: 'abort', listener: () => void): void {
    this.#listeners.push(listener);
  }

  removeEventListener(_: 'abort', listener: () => void): void {
    this.#listeners = this.#listeners.filter(other => other !== listener);
  }

  /** Puts another timeout in place of the one before, in milliseconds from now on. */
  within(timeout: number): void {
    this.#timeout = timeout;
    this.#endsAt = Math.min(now() + timeout, this.#call.deadline);
    // A timer that wakes too early costs less than another one.
    if (this.#wakesAt > this.#endsAt && !this.aborted) this.#wake();
  }

  abort(reason: StatusReporterError): void {
    this.#call.leave(this);
    this.aborted = true;
    this.reason = reason;
    this.#reject(reason);
    for (const listener of this.#listeners) listener();
    this.#controller?.abort(reason);
  }

  /** The caller's signal fired. */
  handleEvent(): void {
    this.abort(this.#call.aborted());
  }

  stopTimer(): void {
    clearTimeout(this.#timer);
  }

  #wake(): void {
    const left = this.#endsAt - now();
    this.stopTimer();
    this.#wakesAt = this.#endsAt;
    if (left > 1) this.#timer = setTimeout(() => this.#wake(), left);
    else if (this.#endsAt >= this.#call.deadline) this.abort(this.#call.expired());
    else this.abort(new StatusReporterError('timeout', `No answer within timeout (${this.#timeout} ms).`));
  }
}
