import { ConfigurationError } from '../../errors.ts';
import type { Logger } from '../../types.ts';
import type { Authenticate } from '../model.ts';
import { checkKeySetUrl, givenKeys, remoteKeys } from './key-set.ts';
import type { Rule } from './rules.ts';
import { verifying } from './verify.ts';

export { asymmetric } from './algorithms.ts';

/** `fetch`, as far as it is used for a JSON Web Key Set. */
export type FetchKeySet = (
  url: string,
  init: { method: 'GET'; headers: Headers; redirect: 'manual'; signal: AbortSignal },
) => Promise<Response>;

/** Public keys as an issuer publishes them: a JSON Web Key Set (RFC 7517). */
export interface KeySet {
  readonly keys: readonly Readonly<Record<string, unknown>>[];
}

/** What all tokens that are JWTs have in common, wherever their keys come from. */
export interface JwtVerification {
  /** Signature algorithms that are accepted; never `none`, and none with a shared key. Default: {@link asymmetric}. */
  readonly algorithms?: readonly string[];
  /** Seconds that clocks may differ. Default 5. */
  readonly clockTolerance?: number;
  /** Which tokens may do what. Default: a Kubernetes ServiceAccount everything in its own namespace, others nothing. */
  readonly rules?: readonly Rule[];
  /**
   * Milliseconds that keys are used before they are read again, so also that a key is trusted after its issuer withdrew it:
   * a token that they verified is not verified again until then, or until it expires. Where they cannot be read, those
   * read before serve for another hour. Default 600,000.
   */
  readonly cacheMaxAge?: number;
  /** Milliseconds after a reading in which a token of an unknown key does not cause another. Default 30,000. */
  readonly cooldown?: number;
  /** Most verified tokens remembered; the least recently used one goes first. Default 10,000. */
  readonly cacheSize?: number;
  /** Told why a token was refused (`debug`), and of keys that cannot be read. Default: none. */
  readonly logger?: Logger;
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

export interface JwtOptions extends JwtVerification {
  /** What `iss` must be, or one of these. */
  readonly issuer: string | readonly string[];
  /** What `aud` must have, or one of these. */
  readonly audience: string | readonly string[];
  /** Where the issuer's public keys are (`https:`), or the keys themselves. */
  readonly jwks: URL | KeySet;
  /** Fetches `jwks`. Default: the runtime's own. */
  readonly fetch?: FetchKeySet;
}

/**
 * Tokens that an issuer signed (RFC 7519), verified here. They must have `exp` and `sub`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8725
 * @throws ConfigurationError
 */
export function jwt(options: JwtOptions): Authenticate {
  const { issuer, audience, jwks, fetch = globalThis.fetch } = options;
  if ([issuer].flat().length === 0 || [issuer].flat().includes('')) {
    throw new ConfigurationError(
      'jwt: expected an issuer, found none. Give what the iss claim of tokens must be.',
    );
  }
  if (jwks instanceof URL) checkKeySetUrl(jwks);
  const keys = jwks instanceof URL ? remoteKeys(jwks, fetch, options) : givenKeys(jwks);
  return verifying({ ...options, issuer: () => issuer, audience, keys });
}
