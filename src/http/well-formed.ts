import type { Context } from 'hono';
import type { ServiceEnv } from './env.ts';
import { incomingOf } from './incoming.ts';
import { ProblemError } from './problem.ts';

/** Characters of all headers, names and values, that Node takes at most. */
const mostHeaders = 16_384;

/**
 * Refuses, on all runtimes alike, a path that two programs might read differently (escapes, empty and dot segments,
 * backslashes: no path of this API needs any), and headers that are longer together than Node takes them.
 *
 * @throws ProblemError `malformed`
 */
export function checkForm(c: Context<ServiceEnv>): void {
  if (!hasPlainPath(c)) {
    throw new ProblemError('malformed', 'Expected a path without escapes, dot segments and empty segments.');
  }
  if (lengthOfHeaders(c) > mostHeaders) {
    throw new ProblemError('malformed', `Expected headers of at most ${mostHeaders} characters together.`);
  }
}

/** Up to the query. */
const plain = /^(?:\/(?!\.\.?(?:[/?#]|$))[A-Za-z0-9\-._~]+)*\/?(?:[?#]|$)/;

/** Looks at the path as it was sent too, where the server hands that over: URL parsers resolve dots. */
function hasPlainPath(c: Context<ServiceEnv>): boolean {
  const { url } = c.req;
  const parsed = url.slice(url.indexOf('/', url.indexOf('//') + 2));
  const sent = incomingOf(c)?.url ?? parsed;
  return plain.test(parsed) && (sent === parsed || plain.test(sent));
}

function lengthOfHeaders(c: Context<ServiceEnv>): number {
  let length = 0;
  // Where the server has them as they came, no `Headers` is made of them.
  const raw = incomingOf(c)?.rawHeaders;
  if (raw !== undefined) for (const text of raw) length += text.length;
  else {
    c.req.raw.headers.forEach((value, name) => {
      length += name.length + value.length;
    });
  }
  return length;
}
