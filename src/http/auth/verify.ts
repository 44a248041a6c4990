import { jwtVerify } from 'jose/jwt/verify';
import { ConfigurationError, isStatusReporterError } from '../../errors.ts';
import { toLog } from '../../reporter/logger.ts';
import type { Authenticate, Caller } from '../model.ts';
import { asymmetric } from './algorithms.ts';
import { servicePartition, tokenOf, unauthenticated } from './authenticate.ts';
import type { JwtVerification } from './jwt.ts';
import type { Keys } from './key-set.ts';
import { ExpiringCache } from './memo.ts';
import { type Claims, compileRules, ownNamespace } from './rules.ts';

interface Verifying extends JwtVerification {
  /** Asked once the keys are ready. */
  readonly issuer: () => string | readonly string[];
  readonly audience: string | readonly string[];
  readonly keys: Keys;
}

/** @throws ConfigurationError */
export function verifying(options: Verifying): Authenticate {
  const { issuer, keys, algorithms = asymmetric, clockTolerance = 5, rules = ownNamespace } = options;
  const { cacheSize = 10_000, now = Date.now } = options;
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

  // By the token itself: a digest of it would cost more than all the rest of a request that is known.
  return request => {
    const token = tokenOf(request);
    return verified.get(token) ?? admit(token, request);
  };

  async function admit(token: string, request: Request): Promise<Caller> {
    await keys.ready();
    // Before the keys are used: what they verify is worth no more than what was known of them then.
    const trusted = keys.trustedUntil();
    const claims = await verify(token, request);
    const allows = allowed(claims);
    const expiry = (claims.exp + clockTolerance) * 1000;
    const caller: Caller = {
      name: claims.sub,
      partition: servicePartition,
      // A stream of events may outlive its token.
      may: (verb, target) => now() < expiry && allows(verb, target),
    };
    verified.set(token, caller, Math.min(trusted, expiry));
    return caller;
  }

  async function verify(token: string, request: Request): Promise<Claims & { sub: string; exp: number }> {
    try {
      const { payload } = await jwtVerify(token, keys.find, {
        issuer: [issuer()].flat(),
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
