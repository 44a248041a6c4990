import { setImmediate } from 'node:timers';
import type { Dispatcher } from 'undici';
import type { Answer } from './exchange.ts';

/** Errors that ended a socket on which an earlier answer had come. */
export type Resets = WeakSet<object>;

/**
 * One exchange straight on undici's dispatcher, its body read whole: `request` does the same through a stream, which is a
 * fifth of what a report costs.
 */
export function dispatchExchange(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  signal: AbortSignal | undefined,
  resets: Resets,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    dispatcher.dispatch(options, new WholeAnswer(resolve, reject, signal, resets));
  });
}

class WholeAnswer implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (error: unknown) => void;
  readonly #signal: AbortSignal | undefined;
  readonly #resets: Resets;
  readonly #abort: (() => void) | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: Record<string, string | string[] | undefined> = {};
  readonly #chunks: Buffer[] = [];

  constructor(
    resolve: (answer: Answer) => void,
    reject: (error: unknown) => void,
    signal: AbortSignal | undefined,
    resets: Resets,
  ) {
    this.#resets = resets;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#signal = signal;
    if (signal === undefined) return;
    this.#abort = () => {
      this.#controller?.abort(signal.reason);
      // Before there is a connection nothing else would tell.
      reject(signal.reason);
    };
    signal.addEventListener('abort', this.#abort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#signal?.aborted) controller.abort(this.#signal.reason);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    // undici takes a connection back one turn of the event loop later; a request before that would open another.
    queueMicrotask(() => setImmediate(() => this.#end()));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#leave();
    // An answer had begun: the request was processed.
    if (this.#status > 0) this.#resets.delete(error);
    this.#reject(error);
  }

  #end(): void {
    this.#leave();
    const headers = this.#headers;
    const [first, ...more] = this.#chunks;
    const body = more.length > 0 ? Buffer.concat(this.#chunks) : first;
    this.#resolve({
      status: this.#status,
      header: name => textOf(headers[name]),
      text: body?.toString() ?? '',
    });
  }

  #leave(): void {
    if (this.#abort) this.#signal?.removeEventListener('abort', this.#abort);
  }
}

/** A header that came several times is one text, as `fetch` has it. */
export function textOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
