import type { Transport, TransportOptions } from '../types.ts';
import type { TransportCapabilities } from './capabilities.ts';
import { fromFetch } from './from-fetch.ts';

export const capabilities: TransportCapabilities = {
  name: 'bun',
  privateCa: true,
  clientCertificate: true,
  serverName: true,
  proxy: true,
  timers: true,
};

/** A transport over Bun's `fetch`, which takes TLS options; `undici` is a shim there that ignores them. */
export function createTransport(options: TransportOptions = {}): Transport {
  const { ca, cert, key, serverName, insecureSkipVerify } = options.tls ?? {};
  const tls = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(serverName !== undefined && { serverName }),
    ...(insecureSkipVerify && { rejectUnauthorized: false }),
  };
  return fromFetch((url, init) => globalThis.fetch(url, init), {
    ...(Object.keys(tls).length > 0 && { tls }),
    ...(options.proxyUrl !== undefined && { proxy: options.proxyUrl }),
  });
}
