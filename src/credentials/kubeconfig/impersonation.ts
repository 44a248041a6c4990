import { ConfigurationError } from '../../errors.ts';
import type { Access } from '../../types.ts';
import type { User } from './types.ts';

/**
 * The headers by which one user acts as another.
 *
 * @param where what to call the entry in errors
 * @see https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/
 */
export function impersonationHeaders(user: User, where: string): NonNullable<Access['headers']> {
  const { as, 'as-uid': uid, 'as-groups': groups = [], 'as-user-extra': extra = {} } = user;
  if (as === undefined) {
    const [stray] = (['as-uid', 'as-groups', 'as-user-extra'] as const).filter(
      name => user[name] !== undefined,
    );
    if (stray === undefined) return {};
    throw new ConfigurationError(
      `${where}: found ${stray} without as: say which user to impersonate, or remove it`,
    );
  }
  return {
    'impersonate-user': as,
    ...(uid !== undefined && { 'impersonate-uid': uid }),
    ...(groups.length > 0 && { 'impersonate-group': groups }),
    ...Object.fromEntries(
      Object.entries(extra)
        .filter(([, values]) => values.length > 0)
        .map(([key, values]) => [`impersonate-extra-${headerKey(key)}`, values]),
    ),
  };
}

/** What a header name cannot hold is percent-encoded, the percent sign as well; the server decodes it. */
function headerKey(key: string): string {
  return [...new TextEncoder().encode(key.toLowerCase())]
    .map(byte => {
      const character = String.fromCharCode(byte);
      return /[!#$&'*+\-.^_`|~0-9a-z]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
