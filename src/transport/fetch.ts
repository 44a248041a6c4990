// The transport of workerd, and of every runtime that we know nothing about.
import { ConfigurationError } from '../errors.ts';
import type { OwnTransport, TransportOptions } from '../types.ts';
import { fromFetch } from './from-fetch.ts';

/**
 * Whether a timer may outlive the request that set it: what periodic reporting needs. Not in a Worker; browsers and others
 * with this transport do have such timers.
 */
export const lastingTimers: boolean = !('WebSocketPair' in globalThis);

/** @throws ConfigurationError where no timer outlives the request that set it */
export function checkTimers(): void {
  if (lastingTimers) return;
  throw new ConfigurationError(
    "startReporting needs timers that outlive a request, and here none does: on Workers, call reporter.reportStatus() in a Durable Object's alarm",
  );
}

/**
 * A transport over the global `fetch`.
 *
 * @throws ConfigurationError where `options` ask for what such a `fetch` cannot do
 */
export function createTransport({ tls = {}, proxyUrl }: TransportOptions = {}): OwnTransport {
  const nameIt = 'give the API server a publicly trusted name';
  const beyond: readonly (readonly [asked: unknown, what: string, instead: string])[] = [
    [tls.ca, "trust a private CA (tls.ca, a kubeconfig's certificate-authority)", nameIt],
    [tls.insecureSkipVerify, 'skip the check of a certificate', nameIt],
    [tls.cert || tls.key, 'present a client certificate', 'use a bearer token'],
    [tls.serverName, 'check a certificate for another name', 'use a name that is on it'],
    [proxyUrl, 'use a proxy', 'leave proxyUrl out'],
  ];
  for (const [asked, what, instead] of beyond) {
    if (!asked) continue;
    throw new ConfigurationError(
      `The fetch of this runtime cannot ${what}: ${instead}, or pass a binding's fetch`,
    );
  }
  // Looked up at each call: MSW and others replace it.
  return fromFetch((url, init) => globalThis.fetch(url, init));
}
