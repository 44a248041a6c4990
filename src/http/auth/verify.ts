import type { JWTVerifyGetKey } from 'jose';
import { createRemoteJWKSet, customFetch } from 'jose/jwks/remote';
import { jwtVerify } from 'jose/jwt/verify';
import { defined } from '../../defined.ts';
import { ConfigurationError, isStatusReporterError } from '../../errors.ts';
import { toLog } from '../../reporter/logger.ts';
import type { Authenticate, Caller } from '../model.ts';
import { asymmetric } from './algorithms.ts';
import { digest, hex, servicePartition, tokenOf, unauthenticated } from './authenticate.ts';
import type { JwtVerification } from './jwt.ts';
import { type FetchKeySet, patientFetch } from './key-set.ts';
import { ExpiringCache } from './memo.ts';
import { type Claims, compileRules, ownNamespace } from './rules.ts';

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
