/** Who sends a request: a client certificate, a bearer token, or nobody. */
import { administrator, anonymous, type User } from './identity.ts';
import { unauthorized } from './status-error.ts';
import { audienceOf, defaultAudience, type Tokens } from './tokens.ts';

/** Tells whose client certificate came with a request; `undefined` for none. */
export type Identify = (request: Request) => { user: string; groups?: readonly string[] } | undefined;

export interface Authenticator {
  readonly tokens: Tokens;
  /** Whether a request without a known credential is the administrator's. */
  readonly open: boolean;
  readonly identify?: Identify;
  readonly now: () => Date;
}

/** @throws StatusError 401 for a token that is not, or no longer, valid */
export function authenticate(request: Request, { tokens, open, identify, now }: Authenticator): User {
  const certified = identify?.(request);
  if (certified !== undefined) return { name: certified.user, groups: authenticated(certified.groups ?? []) };
  const header = request.headers.get('authorization') ?? '';
  const token = /^bearer\s+(\S+)\s*$/i.exec(header)?.[1];
  if (token === undefined) return open ? administrator : anonymous;
  const found = tokens.find(token, now());
  if (found !== undefined && audienceOf(found).includes(defaultAudience)) {
    return { ...found.user, groups: authenticated(found.user.groups) };
  }
  if (open && !tokens.isKnown(token)) return administrator;
  throw unauthorized();
}

function authenticated(groups: readonly string[]): string[] {
  return [...new Set([...groups, 'system:authenticated'])];
}
