import type { MiddlewareHandler } from 'hono';
import { ProblemError } from './problem.ts';

/**
 * Refuses headers that are longer together than Node takes them, so that all runtimes do.
 *
 * @param most characters of names and values. Default 16,384.
 */
export function limitHeaders(most = 16_384): MiddlewareHandler {
  return async (c, next) => {
    let length = 0;
    c.req.raw.headers.forEach((value, name) => {
      length += name.length + value.length;
    });
    if (length > most) {
      throw new ProblemError('malformed', `Expected headers of at most ${most} characters together.`);
    }
    await next();
  };
}
