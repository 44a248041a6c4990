import type { Dispatcher } from 'undici';
import type { Abort } from '../abort.ts';
import type { TransportResponse } from '../types.ts';
import { inNextTurn } from './cohort.ts';

/** Errors that ended a socket on which an earlier answer had come. */
export type Resets = WeakSet<object>;

/** For what comes after undici is done with an answer. `queueMicrotask` would cost Node more. */
const soon = Promise.resolve();

/**
 * One exchange straight on undici's dispatcher, its body read whole: `request` does the same through a stream, which is a
 * fifth of what a report costs.
 */
export function dispatchExchange(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  signal: Abort | undefined,
  resets: Resets,
): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let controller: Dispatcher.DispatchController | undefined;
    let status = 0;
    let headers: Record<string, string | string[] | undefined> = {};

    const abort = () => {
      controller?.abort(signal!.reason as Error);
      // Before there is a connection nothing else would tell.
      reject(signal!.reason);
    };
    const leave = () => signal?.removeEventListener('abort', abort);
    signal?.addEventListener('abort', abort);
    const finish = () => {
      leave();
      try {
        const body = chunks.length > 1 ? Buffer.concat(chunks) : chunks[0];
        resolve({ status, header: name => textOf(headers[name]), text: body?.toString() ?? '' });
      } catch (error) {
        reject(error);
      }
    };

    dispatcher.dispatch(options, {
      onRequestStart(given) {
        controller = given;
        if (signal?.aborted) given.abort(signal.reason as Error);
      },
      onResponseStart(_, found, all) {
        status = found;
        headers = all;
      },
      onResponseData(_, chunk) {
        chunks.push(chunk);
      },
      // undici takes a connection back one turn of the event loop after an answer; a request before that would open another.
      onResponseEnd: () => void soon.then(() => inNextTurn(finish)),
      onResponseError(_, error) {
        leave();
        // An answer had begun: the request was processed.
        if (status > 0) resets.delete(error);
        reject(error);
      },
    });
  });
}

/** A header that came several times is one text, as `fetch` has it. */
export function textOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
