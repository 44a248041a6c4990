import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';
import { createLocalJWKSet } from 'jose/jwks/local';
import { createRemoteJWKSet, customFetch } from 'jose/jwks/remote';
import { ConfigurationError, isStatusReporterError, StatusReporterError } from '../../errors.ts';
import { type Log, toLog } from '../../reporter/logger.ts';
import type { FetchKeySet, JwtVerification, KeySet } from './jwt.ts';

/** The public keys of an issuer. */
export interface Keys {
  /** Reads them, where that is due. @throws StatusReporterError `unavailable`, what reading them throws */
  ready(): Promise<void>;
  /** Finds the one of a token. */
  readonly find: JWTVerifyGetKey;
  /** Until when what they verify may be believed without another look at them, in milliseconds since the epoch. */
  trustedUntil(): number;
}

/** Milliseconds after a failure in which no other reading is begun: callers must not be able to hammer the issuer. */
const pause = 2_000;
/** Milliseconds that keys serve whose issuer does not answer. */
const patience = 3_600_000;

/** @throws ConfigurationError for keys that anybody on the way could exchange, and for a URL that is a secret */
export function checkKeySetUrl({ protocol, hostname, host, username, password }: URL): void {
  if (username !== '' || password !== '') {
    throw new ConfigurationError('jwks: expected a URL without a user name and a password, found some.');
  }
  if (protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)))
    return;
  throw new ConfigurationError(
    `jwks: expected an https: URL, found ${protocol}//${host}. Whoever can change the keys on their way decides whose tokens are valid.`,
  );
}

/** Keys that never change. @throws ConfigurationError */
export function givenKeys(keys: KeySet): Keys {
  try {
    const find = createLocalJWKSet(keys as JSONWebKeySet);
    return { find, ready: async () => {}, trustedUntil: () => Number.POSITIVE_INFINITY };
  } catch (cause) {
    throw new ConfigurationError('jwks: expected a JSON Web Key Set, {"keys": […]}, found something else.', {
      cause,
    });
  }
}

/** The keys at a URL: read when they are needed first, when they are too old, and for a key that is not among them. */
export function remoteKeys(url: URL, fetch: FetchKeySet, options: JwtVerification): Keys {
  const { cacheMaxAge = 600_000, cooldown = 30_000, now = Date.now } = options;
  let readAt = Number.NEGATIVE_INFINITY;
  const read = patientFetch(fetch, now, toLog(options.logger));
  const set = createRemoteJWKSet(url, {
    cacheMaxAge,
    cooldownDuration: cooldown,
    async [customFetch](...request) {
      const answer = await read(...request);
      readAt = now();
      return answer;
    },
  });
  return {
    ready: async () => {
      if (!set.fresh) await set.reload();
    },
    find: set,
    trustedUntil: () => readAt + cacheMaxAge,
  };
}

/**
 * Reads a key set; where that fails, the keys read before serve on for an hour.
 *
 * @throws StatusReporterError what `fetch` throws, else `unavailable`; from the function that it gives
 */
function patientFetch(fetch: FetchKeySet, now: () => number, log: Log): FetchKeySet {
  let last: string | undefined;
  let readAt = 0;
  let failedAt = Number.NEGATIVE_INFINITY;
  let failure: unknown;

  async function read(url: string, init: Parameters<FetchKeySet>[1]): Promise<string> {
    const response = await fetch(url, init);
    const text = await response.text();
    if (response.status !== 200) throw new Error(`expected status 200, found ${response.status}`);
    // Refuses what is none.
    createLocalJWKSet(JSON.parse(text));
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
      { cause: failure },
    );
  };
}
