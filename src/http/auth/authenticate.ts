import type { Verb } from '../model.ts';
import { ProblemError } from '../problem.ts';
import type { Target } from '../target.ts';

/** The partition of all whose reports go out with the service's own credential. */
export const servicePartition = 'service';

/** Longest token that is looked at, in characters; Node takes no longer headers anyway. */
const longest = 16_384;

/**
 * The token that a request carries: `Authorization: Bearer <token>`, or, for browsers, `Basic` with any user name and the
 * token as password. Basic may only read: a browser sends it by itself, also where somebody else's page asks for it.
 * Nothing else is looked at; a token in a URL ends in logs.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 * @see https://www.rfc-editor.org/rfc/rfc7617
 * @throws ProblemError `unauthenticated`
 */
export function tokenOf(request: Request): string {
  const header = request.headers.get('authorization') ?? '';
  if (header.length > longest) throw unauthenticated(request, 'The token is too long.');
  const [, scheme = '', credentials = ''] = /^(bearer|basic) +([\x21-\x7e]+)$/i.exec(header.trim()) ?? [];
  if (scheme.toLowerCase() === 'bearer') return credentials;
  const reads = request.method === 'GET' || request.method === 'HEAD';
  const password = reads ? passwordOf(credentials) : undefined;
  if (password === undefined) throw unauthenticated(request);
  return password;
}

/**
 * The answer to whom nobody knows. A browser is asked for a user name and a password: it knows no bearer tokens, and
 * Chromium reads but one challenge of a header.
 *
 * @param why what is wrong with the token that was sent; none where there was none. Without quotes, and no secret.
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-3
 */
export function unauthenticated(request: Request, why?: string): ProblemError {
  const browser = request.method === 'GET' && request.headers.get('accept')?.includes('text/html');
  const bearer = `Bearer realm="vmcp-status"${why === undefined ? '' : `, error="invalid_token", error_description="${why}"`}`;
  return new ProblemError('unauthenticated', why ?? 'Expected a bearer token in the Authorization header.', {
    'www-authenticate': browser
      ? 'Basic realm="vmcp-status (any user; the token as password)", charset="UTF-8"'
      : bearer,
  });
}

/** The answer to a caller that may not do that: the same whether the resource exists or not. */
export function forbidden(verb: Verb, target: Target): ProblemError {
  const what = verb === 'report' ? 'report the status of' : 'read';
  return new ProblemError(
    'forbidden',
    `This caller may not ${what} VirtualMCPServer ${target.namespace}/${target.name}.`,
    { 'www-authenticate': 'Bearer realm="vmcp-status", error="insufficient_scope"' },
  );
}

/** SHA-256 of a text. */
export async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

/** Hexadecimal digits of some bytes. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether they are equal; takes the same time wherever they differ. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0);
  return difference === 0;
}

function passwordOf(credentials: string): string | undefined {
  try {
    const password = atob(credentials).replace(/^[^:]*:?/, '');
    return /^[\x21-\x7e]+$/.test(password) ? password : undefined;
  } catch {
    return undefined;
  }
}
