import type { MiddlewareHandler } from 'hono';
import { timingSafeEqual } from 'hono/utils/buffer';
import { ProblemError } from './problem.ts';

/**
 * Lets in who knows the token (RFC 6750). Compared in constant time.
 *
 * @param token not empty
 */
export function bearerToken(token: string): MiddlewareHandler {
  return async (c, next) => {
    const [, given] = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
    if (given === undefined || !(await timingSafeEqual(given, token))) {
      const challenge = given === undefined ? 'Bearer' : 'Bearer error="invalid_token"';
      throw new ProblemError('unauthenticated', 'Expected a bearer token that this service knows.', {
        'www-authenticate': challenge,
      });
    }
    await next();
  };
}
