import type { JSONWebKeySet, JWTVerifyGetKey } from 'jose';
import { createLocalJWKSet } from 'jose/jwks/local';
import { createRemoteJWKSet, customFetch } from 'jose/jwks/remote';
import { jwtVerify } from 'jose/jwt/verify';
import { defined } from '../../defined.ts';
import { ConfigurationError, isStatusReporterError } from '../../errors.ts';
import { toLog } from '../../reporter/logger.ts';
import type { Logger } from '../../types.ts';
import type { Authenticate, Caller } from '../model.ts';
import { digest, hex, servicePartition, tokenOf, unauthenticated } from './authenticate.ts';
import { checkKeySetUrl, type FetchKeySet, patientFetch } from './key-set.ts';
import { ExpiringCache } from './memo.ts';
import { type Claims, compileRules, ownNamespace, type Rule } from './rules.ts';

/** What all tokens that are JWTs have in common, wherever their keys come from. */
export interface JwtVerification {
  /** Signature algorithms that are accepted; never `none`, and none with a shared key. Default: {@link asymmetric}. */
  readonly algorithms?: readonly string[];
  /** Seconds that clocks may differ. Default 5. */
  readonly clockTolerance?: number;
  /** Which tokens may do what. Default: a Kubernetes ServiceAccount everything in its own namespace, others nothing. */
  readonly rules?: readonly Rule[];
  /** Milliseconds that keys are used before they are read again, and that a verified token is not verified again. Default 600,000. */
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
  readonly jwks: URL | JSONWebKeySet;
  /** Fetches `jwks`. Default: the runtime's own. */
  readonly fetch?: FetchKeySet;
}

/** The algorithms that are accepted unless said otherwise (RFC 7518, RFC 8037): whoever can verify cannot sign. */
export const asymmetric: readonly string[] = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

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
  const keys = jwks instanceof URL ? remoteKeys(jwks, fetch, options) : createLocalJWKSet(jwks);
  return verifying({ ...options, issuer: async () => issuer, audience, keys });
}

/** The public keys at a URL. */
export function remoteKeys(url: URL, fetch: FetchKeySet, options: JwtVerification): JWTVerifyGetKey {
  const { cacheMaxAge, cooldown, now = Date.now } = options;
  return createRemoteJWKSet(url, {
    ...defined({ cacheMaxAge, cooldownDuration: cooldown }),
    [customFetch]: patientFetch(fetch, now, toLog(options.logger)),
  });
}

interface Verifying extends JwtVerification {
  readonly issuer: () => Promise<string | readonly string[]>;
  readonly audience: string | readonly string[];
  readonly keys: JWTVerifyGetKey;
}

/** @throws ConfigurationError */
export function verifying(options: Verifying): Authenticate {
  const { issuer, keys, algorithms = asymmetric, clockTolerance = 5, rules = ownNamespace } = options;
  const { cacheMaxAge = 600_000, cacheSize = 10_000, now = Date.now } = options;
  const audience = [options.audience].flat();
  const log = toLog(options.logger);
  if (audience.length === 0 || audience.includes('')) {
    throw new ConfigurationError(
      'jwt: expected an audience, found none. Give what the aud claim of tokens must have.',
    );
  }
  const other = algorithms.filter(algorithm => !asymmetric.includes(algorithm));
  if (algorithms.length === 0 || other.length > 0) {
    const found = other.join(', ') || 'none';
    throw new ConfigurationError(`jwt: expected algorithms of ${asymmetric.join(', ')}, found ${found}.`);
  }
  const allowed = compileRules(rules);
  const verified = new ExpiringCache<Caller>(cacheSize, now);

  return async request => {
    const token = tokenOf(request);
    const key = hex(await digest(token));
    const known = verified.get(key);
    if (known !== undefined) return known;
    const claims = await verify(token, request);
    const allows = allowed(claims);
    const expiry = (claims.exp + clockTolerance) * 1000;
    const caller: Caller = {
      name: claims.sub,
      partition: servicePartition,
      // A stream of events may outlive its token.
      may: (verb, target) => now() < expiry && allows(verb, target),
    };
    verified.set(key, caller, Math.min(now() + cacheMaxAge, expiry));
    return caller;
  };

  async function verify(token: string, request: Request): Promise<Claims & { sub: string; exp: number }> {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: [await issuer()].flat(),
        audience,
        algorithms: [...algorithms],
        clockTolerance,
        currentDate: new Date(now()),
        requiredClaims: ['exp', 'sub'],
      });
      const { sub, exp } = payload;
      if (typeof sub !== 'string' || sub === '') throw new TypeError('"sub" claim must be a string');
      return { ...payload, sub, exp: exp as number };
    } catch (error) {
      // The keys cannot be read: that says nothing of the token.
      if (isStatusReporterError(error)) throw error;
      log('debug', 'A token was refused', { reason: (error as Error).message });
      throw unauthenticated(request, explain(error));
    }
  }
}

/** What of a refusal helps its holder. All but the first two are told to whom the issuer signed a token for. */
function explain(error: unknown): string {
  const { code, claim } = error as { code?: string; claim?: string };
  if (code === 'ERR_JWT_EXPIRED') return 'The token has expired.';
  if (code !== 'ERR_JWT_CLAIM_VALIDATION_FAILED') return 'The token cannot be verified.';
  if (claim === 'aud') return 'The token is for another audience.';
  if (claim === 'iss') return 'The token is of another issuer.';
  return 'The token is not valid now, or lacks a claim.';
}
