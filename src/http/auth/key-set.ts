import { ConfigurationError, isStatusReporterError, StatusReporterError } from '../../errors.ts';
import type { Log } from '../../reporter/logger.ts';

/** `fetch`, as far as it is used for a JSON Web Key Set. */
export type FetchKeySet = (
  url: string,
  init: { method: 'GET'; headers: Headers; redirect: 'manual'; signal: AbortSignal },
) => Promise<Response>;

/** Milliseconds after a failure in which no other reading is begun: callers must not be able to hammer the issuer. */
const pause = 2_000;
/** Milliseconds that keys serve whose issuer does not answer. */
const patience = 3_600_000;

/** @throws ConfigurationError for keys that anybody on the way could exchange */
export function checkKeySetUrl({ protocol, hostname, host }: URL): void {
  if (protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)))
    return;
  throw new ConfigurationError(
    `jwks: expected an https: URL, found ${protocol}//${host}. Whoever can change the keys on their way decides whose tokens are valid.`,
  );
}

/**
 * Reads a key set; where that fails, the keys read before serve on for an hour.
 *
 * @throws StatusReporterError what `fetch` throws, else `unavailable`; from the function that it gives
 */
export function patientFetch(fetch: FetchKeySet, now: () => number, log: Log): FetchKeySet {
  let last: string | undefined;
  let readAt = 0;
  let failedAt = Number.NEGATIVE_INFINITY;
  let failure: unknown;

  async function read(url: string, init: Parameters<FetchKeySet>[1]): Promise<string> {
    const response = await fetch(url, init);
    const text = await response.text();
    if (response.status !== 200) throw new Error(`expected status 200, found ${response.status}`);
    if (!Array.isArray((JSON.parse(text) as { keys?: unknown } | null)?.keys)) {
      throw new Error('expected a JSON Web Key Set: {"keys": […]}');
    }
    return text;
  }

  return async (url, init) => {
    if (Math.abs(now() - failedAt) >= pause) {
      try {
        last = await read(url, init);
        readAt = now();
        return new Response(last);
      } catch (error) {
        failedAt = now();
        failure = error;
        log('warn', 'The public keys of the issuer of tokens cannot be read', { url, error });
      }
    }
    if (last !== undefined && now() - readAt < patience) return new Response(last);
    if (isStatusReporterError(failure)) throw failure;
    throw new StatusReporterError(
      'unavailable',
      `The public keys of the issuer of tokens cannot be read from ${url}.`,
      {
        cause: failure,
      },
    );
  };
}
