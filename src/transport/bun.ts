// Bun replaces `undici` by a shim that ignores Agents; its own `fetch` takes TLS options. Measured with Bun 1.4.5: a
// `serverName` is asked for and checked, connections are kept for each set of TLS options (with a private CA, a
// client certificate and through a proxy as well), and a certificate accepted under one set is not trusted under
// another.

import type { OwnTransport, TransportOptions } from '../types.ts';
import { inNextTurn } from './cohort.ts';
import { type FetchLike, fromFetch } from './from-fetch.ts';
import { checkOptions } from './options.ts';

/** Whether a timer may outlive the request that set it: what periodic reporting needs. */
export const lastingTimers: boolean = true;

export function checkTimers(): void {}

/**
 * A transport over Bun's `fetch`. Bun closes connections by itself: `close()` has nothing to do.
 *
 * @throws ConfigurationError where a certificate or key is no PEM text, or the proxy no HTTP URL
 */
export function createTransport(options: TransportOptions = {}): OwnTransport {
  checkOptions(options);
  const { ca, cert, key, serverName, insecureSkipVerify } = options.tls ?? {};
  const tls = {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(serverName && { serverName }),
    ...(insecureSkipVerify && { rejectUnauthorized: false }),
  };
  const transport = fromFetch(repeatPatch(), {
    ...(Object.keys(tls).length > 0 && { tls }),
    ...(options.proxyUrl && { proxy: options.proxyUrl }),
  });
  return {
    ...transport,
    async request(request) {
      const answer = await transport.request(request);
      await new Promise<void>(inNextTurn);
      return answer;
    },
  };
}

/**
 * Bun repeats a GET, PUT or DELETE whose kept connection was closed when it wrote, and a PATCH not. Ours are locked to a
 * resourceVersion and thus safe to repeat; that the connection was a kept one we can only guess: some answer came before.
 */
function repeatPatch(): FetchLike {
  let answered = false;
  return async (url, init) => {
    const again = answered && init.method === 'PATCH';
    const send = () => globalThis.fetch(url, init);
    const response = await send().catch(error => {
      if (!again || error?.code !== 'ECONNRESET' || init.signal?.aborted) throw error;
      return send();
    });
    answered = true;
    return response;
  };
}
