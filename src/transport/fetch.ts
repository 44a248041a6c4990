// The transport of workerd, and of every runtime that we know nothing about.
import { ConfigurationError } from '../errors.ts';
import type { Transport, TransportOptions } from '../types.ts';
import type { TransportCapabilities } from './capabilities.ts';
import { fromFetch } from './from-fetch.ts';

export const capabilities: TransportCapabilities = {
  name: 'fetch',
  privateCa: false,
  clientCertificate: false,
  serverName: false,
  proxy: false,
  // In a Worker no timer outlives the request that set it; browsers and others with this transport do have timers.
  timers: !('WebSocketPair' in globalThis),
};

/**
 * A transport over the global `fetch`.
 *
 * @throws ConfigurationError where `options` ask for what such a `fetch` cannot do
 */
export function createTransport(options: TransportOptions = {}): Transport {
  const { ca, cert, key, serverName, insecureSkipVerify } = options.tls ?? {};
  if (ca || insecureSkipVerify) {
    refuse(
      ca
        ? "trust a private CA (tls.ca, a kubeconfig's certificate-authority)"
        : 'skip the check of a certificate',
      'Give the API server a publicly trusted name, or put a tunnel or a binding (such as a VPC service) before it and pass its fetch as the fetch option',
    );
  }
  if (cert || key) {
    refuse(
      'present a client certificate',
      'Use a bearer token, or an mTLS certificate binding whose fetch you pass as the fetch option',
    );
  }
  if (serverName) {
    refuse(
      `check the certificate against another name (${serverName})`,
      'Use a server URL with a name that the certificate is for, or a binding whose fetch you pass as the fetch option',
    );
  }
  if (options.proxyUrl) {
    refuse(
      'use a proxy',
      'Leave proxyUrl out, or pass a fetch that goes through the proxy as the fetch option',
    );
  }
  // Looked up at each call: MSW and others replace it.
  return fromFetch((url, init) => globalThis.fetch(url, init));
}

function refuse(what: string, instead: string): never {
  throw new ConfigurationError(`The fetch of this runtime cannot ${what} from code. ${instead}`);
}
