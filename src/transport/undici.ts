import type { SecureContext } from 'node:tls';
import type { Agent, buildConnector, Dispatcher, Pool } from 'undici';
import { untilAborted } from '../abort.ts';
import { ConfigurationError, StatusReporterError } from '../errors.ts';
import type {
  TlsOptions,
  Transport,
  TransportOptions,
  TransportRequest,
  TransportResponse,
} from '../types.ts';
import { exchange } from './exchange.ts';
import { checkOptions } from './options.ts';
import { dispatchExchange, type Resets } from './undici-handler.ts';

/** Whether a timer may outlive the request that set it: what periodic reporting needs. */
export const lastingTimers: boolean = true;

export function checkTimers(): void {}

/** A transport over undici's `request` with a connection pool of its own. undici loads at the first request. */
export function createTransport(options: TransportOptions = {}): Transport {
  const resets: Resets = new WeakSet();
  let opening: Promise<Dispatcher> | undefined;
  let dispatcher: Dispatcher | undefined;
  let closing: Promise<void> | undefined;

  function send(request: TransportRequest): Promise<TransportResponse> {
    if (closing)
      return Promise.reject(new StatusReporterError('unavailable', 'This connection pool is closed'));
    if (dispatcher !== undefined) return sendOn(dispatcher, request);
    opening ??= openDispatcher(options, resets);
    return untilAborted(opening, request.signal).then(opened => {
      dispatcher = opened;
      return sendOn(opened, request);
    });
  }

  function sendOn(open: Dispatcher, request: TransportRequest): Promise<TransportResponse> {
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
        dispatcher => dispatcher?.close(),
        () => {},
      );
      return closing;
    },
  };
}

function ask(dispatcher: Dispatcher, request: TransportRequest, resets: Resets): Promise<TransportResponse> {
  const { method, headers, body, signal } = request;
  const { origin, path } = targetOf(request.url);
  const options = {
    origin,
    path,
    method: method as Dispatcher.HttpMethod,
    headers: headers as Record<string, string | string[]>,
    body: body ?? null,
  };
  if (!request.stream) return dispatchExchange(dispatcher, options, signal, resets);
  return import('./undici-stream.ts').then(({ streamExchange }) =>
    streamExchange(dispatcher, { ...options, ...(signal && { signal }) }),
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

async function openDispatcher(options: TransportOptions, resets: Resets): Promise<Dispatcher> {
  checkOptions(options);
  const secureContext = await secureContextOf(options.tls ?? {});
  const undici = await import('undici').catch(error => {
    throw new ConfigurationError(
      'The package undici cannot be loaded: install it, or pass a fetch of your own',
      { cause: error },
    );
  });
  const tls = {
    secureContext,
    allowH2: false,
    rejectUnauthorized: options.tls?.insecureSkipVerify !== true,
    ...(options.tls?.serverName && { servername: options.tls.serverName }),
  };
  const pool: Agent.Options = {
    connections: options.connections ?? 16,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: 60_000,
    // The caller's signal rules over the whole exchange; undici's own 10 s for a connection stay.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  if (!options.proxyUrl) {
    return new undici.Agent({ ...pool, connect: watchResets(undici.buildConnector(tls), resets) });
  }
  return new undici.ProxyAgent({
    ...pool,
    uri: options.proxyUrl,
    requestTls: tls,
    // undici hands the connector that goes through the proxy to the factory of its pools, and only there.
    factory: (origin: URL, { connect, ...rest }: Pool.Options) =>
      new undici.Pool(origin, { ...rest, connect: watchResets(connect as buildConnector.connector, resets) }),
  });
}

/**
 * One context for all connections. Node finds what is wrong with a text here, Deno only when it connects. TLS itself takes
 * Node as long to load as all of this package, so it loads with the first request as well.
 */
async function secureContextOf({ ca, cert, key }: TlsOptions): Promise<SecureContext> {
  const { createSecureContext } = await import('node:tls');
  try {
    return createSecureContext({ ca, cert, key });
  } catch (error) {
    throw new ConfigurationError(
      `tls.ca, tls.cert or tls.key cannot be read, or the key is not the certificate's: ${(error as Error).message}`,
    );
  }
}

/** Notes the errors of sockets that had brought an answer before: `bytesRead` counts what came after TLS. */
function watchResets(connect: buildConnector.connector, resets: Resets): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...[error, socket]: Parameters<buildConnector.Callback>) => {
      socket?.on('error', reason => {
        if (socket.bytesRead > 0) resets.add(reason);
      });
      if (error) callback(error, null);
      else callback(null, socket as NonNullable<typeof socket>);
    });
}
