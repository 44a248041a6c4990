/**
 * What this package itself uses of an AbortSignal. Every request needs one, and Node takes longer to make an AbortController
 * and to listen to it than to write a report down: what is ours is therefore a step of a call (src/api/step.ts), which has an AbortSignal for
 * whoever asks.
 */
export interface Abort {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
  /** The AbortSignal that fires with it, where it is none itself. */
  readonly signal?: AbortSignal;
}

/** It as what `fetch`, and whatever is not ours, takes. */
export function abortSignal<T extends Abort | undefined>(abort: T): AbortSignal | (T & undefined) {
  return abort?.signal ?? (abort as AbortSignal | (T & undefined));
}

/**
 * What `work` brings, or a rejection with the reason as soon as it is aborted, whether or not `work` notices: an abort ends
 * this wait only.
 */
export function untilAborted<T>(work: Promise<T>, abort: Abort | undefined): Promise<T> {
  if (abort === undefined) return work;
  return new Promise((resolve, reject) => {
    const end = () => reject(abort.reason);
    if (abort.aborted) end();
    abort.addEventListener('abort', end);
    work.then(resolve, reject).finally(() => abort.removeEventListener('abort', end));
  });
}
