import type { Dispatcher } from 'undici';
import { abortSignal, untilAborted } from '../abort.ts';
import { defined } from '../defined.ts';
import { StatusReporterError } from '../errors.ts';
import type { OwnRequest, OwnTransport, TransportOptions, TransportResponse } from '../types.ts';
import { exchange } from './exchange.ts';
import type { Pools } from './undici-dispatcher.ts';
import { dispatchExchange, type Resets } from './undici-handler.ts';

/** Whether a timer may outlive the request that set it: what periodic reporting needs. */
export const lastingTimers: boolean = true;

export function checkTimers(): void {}

/** A transport over undici's `request` with a connection pool of its own. undici loads at the first request. */
export function createTransport(options: TransportOptions = {}): OwnTransport {
  const resets: Resets = new WeakSet();
  let opening: Promise<Pools> | undefined;
  let pools: Pools | undefined;
  let closing: Promise<void> | undefined;

  function send(request: OwnRequest): Promise<TransportResponse> {
    if (closing)
      return Promise.reject(new StatusReporterError('unavailable', 'This connection pool is closed'));
    if (pools !== undefined) return sendOn(pools, request);
    opening ??= import('./undici-dispatcher.ts').then(({ openPools }) => openPools(options, resets));
    return untilAborted(opening, request.signal).then(opened => {
      pools = opened;
      return sendOn(opened, request);
    });
  }

  function sendOn(open: Pools, request: OwnRequest): Promise<TransportResponse> {
    return ask(open, request, resets).catch(error => {
      // The server may close an idle connection just when we write: nothing was processed, so ask once more. A POST is
      // not safe to repeat; a PATCH or PUT is, by the resourceVersion that it is locked to.
      if (!resets.has(error) || request.method === 'POST' || request.signal?.aborted) throw error;
      return ask(open, request, resets);
    });
  }

  return {
    request: request => exchange(request, send),
    close() {
      closing ??= Promise.resolve(opening).then(
        opened => opened?.close(),
        () => {},
      );
      return closing;
    },
  };
}

function ask(pools: Pools, request: OwnRequest, resets: Resets): Promise<TransportResponse> {
  const { method, headers, body, signal } = request;
  const { origin, path } = targetOf(request.url);
  const dispatcher = pools.to(origin);
  const options = {
    origin,
    path,
    method: method as Dispatcher.HttpMethod,
    headers: headers as Record<string, string | string[]>,
    body: body ?? null,
  };
  if (!request.stream) return dispatchExchange(dispatcher, options, signal, resets);
  return import('./undici-stream.ts').then(({ streamExchange }) =>
    streamExchange(dispatcher, { ...options, ...defined({ signal: abortSignal(signal) }) }),
  );
}

/** The one before: undici looks a pool up by this text, whose hash is known then. */
let origin = '';

/** What undici wants of a URL. */
function targetOf(url: string): { origin: string; path: string } {
  if (!url.startsWith(origin) || url[origin.length] !== '/')
    origin = url.slice(0, url.indexOf('/', 'https://'.length));
  return { origin, path: url.slice(origin.length) };
}
