import type { SecureContext } from 'node:tls';
import type { buildConnector, Dispatcher, Pool } from 'undici';
import { ConfigurationError } from '../errors.ts';
import type { TlsOptions, TransportOptions } from '../types.ts';
import { checkOptions } from './options.ts';
import type { Resets } from './undici-handler.ts';

/** undici's connection pools. */
export interface Pools {
  /** The one to this origin. */
  to(origin: string): Dispatcher;
  /** Lets requests under way end. */
  close(): Promise<void>;
}

/** The pools, set up as these options say. Loads, with undici itself, at the first request. */
export async function openPools(options: TransportOptions, resets: Resets): Promise<Pools> {
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
  const settings: Pool.Options = {
    connections: options.connections ?? 16,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: 60_000,
    // The caller's signal rules over the whole exchange; undici's own 10 s for a connection stay.
    headersTimeout: 0,
    bodyTimeout: 0,
  };
  if (options.proxyUrl) {
    const proxied = new undici.ProxyAgent({
      ...settings,
      uri: options.proxyUrl,
      requestTls: tls,
      // undici hands the connector that goes through the proxy to the factory of its pools, and only there.
      factory: (origin: URL, { connect, ...rest }: Pool.Options) =>
        new undici.Pool(origin, {
          ...rest,
          connect: watchResets(connect as buildConnector.connector, resets),
        }),
    });
    return { to: () => proxied, close: () => proxied.close() };
  }
  const connect = watchResets(undici.buildConnector(tls), resets);
  // undici's Agent does the same, but composes a text for each request to find the pool by.
  const pools = new Map<string, Pool>();
  return {
    to(origin) {
      const known = pools.get(origin);
      if (known) return known;
      const pool = new undici.Pool(origin, { ...settings, connect });
      pools.set(origin, pool);
      return pool;
    },
    async close() {
      await Promise.all(Array.from(pools.values(), pool => pool.close()));
    },
  };
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
