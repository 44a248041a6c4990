import type { Context, MiddlewareHandler } from 'hono';
import type { ServiceEnv } from './env.ts';
import { ProblemError } from './problem.ts';

/**
 * Refuses headers that are longer together than Node takes them, so that all runtimes do.
 *
 * @param most characters of names and values. Default 16,384.
 */
export function limitHeaders(most = 16_384): MiddlewareHandler<ServiceEnv> {
  return (c, next) => {
    if (lengthOfHeaders(c) > most) {
      throw new ProblemError('malformed', `Expected headers of at most ${most} characters together.`);
    }
    return next();
  };
}

function lengthOfHeaders(c: Context<ServiceEnv>): number {
  let length = 0;
  // Where the server has them as they came, no `Headers` is made of them.
  const raw = c.env?.incoming?.rawHeaders;
  if (raw !== undefined) for (const text of raw) length += text.length;
  else {
    c.req.raw.headers.forEach((value, name) => {
      length += name.length + value.length;
    });
  }
  return length;
}
