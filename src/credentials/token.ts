import { ConfigurationError } from '../errors.ts';

/**
 * A bearer token without the white space around it.
 *
 * @param where where it came from, for errors, which never quote it
 * @see https://www.rfc-editor.org/rfc/rfc6750#section-2.1
 */
export function bearerToken(text: unknown, where: string): string {
  const token = typeof text === 'string' ? text.trim() : '';
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  const found = token && 'characters that a token cannot have: give it alone, without "Bearer"';
  throw new ConfigurationError(`Expected a bearer token in ${where}, found ${found || 'none'}`);
}

/**
 * When a token expires, in milliseconds since the epoch; `undefined` where it does not say: only a JWT does. Read, not
 * verified: it is ours, and all that it decides is when to read again.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4
 */
export function tokenExpiry(token = ''): number | undefined {
  try {
    const [, payload = ''] = token.split('.');
    // As Latin-1: `exp` is a number, and what else there is may stay garbled.
    const { exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    return typeof exp === 'number' ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
