import type { Context, MiddlewareHandler, TypedResponse } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { JSONParsed } from 'hono/utils/types';
import type { ServiceEnv } from './env.ts';
import { incomingOf } from './incoming.ts';
import { contentPolicy } from './policy.ts';
import { checkForm } from './well-formed.ts';

/**
 * What every answer says that says nothing else. Statuses age in seconds, and no document of the API shows anything; the
 * page and the documentation have policies of their own. As `hono/secure-headers` has it, but in one table: to set header
 * after header costs a report more than to check it.
 *
 * @see https://owasp.org/www-project-secure-headers/
 */
const common: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': contentPolicy(),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=15552000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'SAMEORIGIN',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
};

/** Of all names that requests get here. Not random for each: that costs more, and nobody has to be kept from guessing it. */
let begins: string | undefined;
/** Of twelve hexadecimal digits. */
let count = 0x100000000000;

/** A name of its own for a request, in the form of a UUID. */
function nameOfRequest(): string {
  begins ??= crypto.randomUUID().slice(0, -12);
  return begins + (count++).toString(16);
}

/**
 * Names the request, as its sender did where that is a name, refuses what is not well-formed, and sees to it that the answer
 * says what every answer says.
 *
 * @param around stands around all that follows
 */
export function framed(around: MiddlewareHandler<ServiceEnv>): MiddlewareHandler<ServiceEnv> {
  return async (c, next) => {
    const given = c.req.header('x-request-id');
    const requestId = given !== undefined && /^[\w=-]{1,255}$/.test(given) ? given : nameOfRequest();
    c.set('requestId', requestId);
    checkForm(c);
    await around(c, next);
    if (c.res === c.get('complete')) return;
    const { headers } = c.res;
    for (const name in common) if (!headers.has(name)) headers.set(name, common[name]!);
    headers.set('x-request-id', requestId);
  };
}

/** {@link common} and a content type, by that type: `Headers` to begin with cost a runtime least. */
const ready = new Map<string, Headers>();

/** An answer that has all its headers from the start. */
export function answer(
  c: Context<ServiceEnv>,
  body: string,
  status: ContentfulStatusCode,
  type: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const requestId = c.get('requestId') as string | undefined;
  let response: Response;
  // Node's server hands a record on as it is.
  if (incomingOf(c)) {
    const all: Record<string, string> = { ...common, 'content-type': type };
    if (requestId !== undefined) all['x-request-id'] = requestId;
    for (const name in headers) all[name] = headers[name]!;
    response = new Response(body, { status, headers: all });
  } else {
    if (!ready.has(type)) ready.set(type, new Headers({ ...common, 'content-type': type }));
    const shared = ready.get(type)!;
    response = new Response(body, { status, headers: shared });
    // The `Response` that Node's server puts in place of the global one keeps the very `Headers` that it is given.
    if (response.headers === shared) response = new Response(body, { status, headers: new Headers(shared) });
    if (requestId !== undefined) response.headers.set('x-request-id', requestId);
    for (const name in headers) response.headers.set(name, headers[name]!);
  }
  c.set('complete', response);
  return response;
}

/** `c.json`, by {@link answer}. */
export function json<T, S extends ContentfulStatusCode>(
  c: Context,
  value: T,
  status: S,
  headers?: Readonly<Record<string, string>>,
): Response & TypedResponse<JSONParsed<T>, S, 'json'> {
  const text = JSON.stringify(value);
  return answer(c, text, status, 'application/json', headers) as ReturnType<typeof json<T, S>>;
}
