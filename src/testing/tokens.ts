/** Bearer tokens: given ones, and issued ones in the shape of a ServiceAccount's JWT. */
import type { User } from './identity.ts';

export interface TokenInfo {
  readonly user: User;
  /** From then on the token is refused. */
  readonly expiresAt?: Date;
  /** The ServiceAccount that the token stands and falls with: `namespace/name`. */
  readonly serviceAccount?: string;
  readonly audiences?: readonly string[];
}

/** Whom a token is for unless it says otherwise: the API server itself. */
export const defaultAudience = 'https://kubernetes.default.svc';

export function audienceOf({ audiences }: TokenInfo): readonly string[] {
  return audiences ?? [defaultAudience];
}

export interface IssueOptions {
  readonly user: User;
  readonly expiresAt: Date;
  readonly now: Date;
  readonly serviceAccount?: { readonly namespace: string; readonly name: string; readonly uid: string };
  readonly audiences: readonly string[];
}

export class Tokens {
  readonly #tokens = new Map<string, TokenInfo>();
  readonly #revoked = new Set<string>();
  #issued = 0;

  add(token: string, info: TokenInfo): void {
    this.#tokens.set(token, info);
  }

  revoke(token: string): void {
    if (this.#tokens.delete(token)) this.#revoked.add(token);
  }

  /** Whether the token is or once was valid here. */
  isKnown(token: string): boolean {
    return this.#tokens.has(token) || this.#revoked.has(token);
  }

  /** Revokes all tokens of a ServiceAccount. */
  revokeServiceAccount(namespace: string, name: string): void {
    for (const [token, info] of this.#tokens) {
      if (info.serviceAccount === `${namespace}/${name}`) this.revoke(token);
    }
  }

  /** `undefined` for a token that is unknown, revoked or expired. */
  find(token: string, now: Date): TokenInfo | undefined {
    const info = this.#tokens.get(token);
    return info?.expiresAt !== undefined && info.expiresAt <= now ? undefined : info;
  }

  /** A new token. Its payload reads like a real one's; its signature signs nothing. */
  issue({ user, expiresAt, now, serviceAccount, audiences }: IssueOptions): string {
    const id = ++this.#issued;
    const seconds = (moment: Date): number => Math.floor(moment.getTime() / 1000);
    const header = { alg: 'RS256', kid: 'fake' };
    const payload = {
      aud: audiences,
      exp: seconds(expiresAt),
      iat: seconds(now),
      iss: defaultAudience,
      jti: `fake-${id}`,
      ...(serviceAccount === undefined
        ? {}
        : {
            'kubernetes.io': {
              namespace: serviceAccount.namespace,
              serviceaccount: { name: serviceAccount.name, uid: serviceAccount.uid },
            },
          }),
      nbf: seconds(now),
      sub: user.name,
    };
    const token = [JSON.stringify(header), JSON.stringify(payload), `fake signature ${id}`]
      .map(base64Url)
      .join('.');
    const owner =
      serviceAccount === undefined
        ? {}
        : { serviceAccount: `${serviceAccount.namespace}/${serviceAccount.name}` };
    this.add(token, { user, expiresAt, audiences, ...owner });
    return token;
  }
}

function base64Url(text: string): string {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
