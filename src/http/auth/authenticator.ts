import { defined } from '../../defined.ts';
import { ConfigurationError } from '../../errors.ts';
import type { Credentials, Logger } from '../../types.ts';
import type { Authenticate } from '../model.ts';
import type { ClusterOptions } from './cluster.ts';
import { jwt, type KeySet } from './jwt.ts';
import { passthrough } from './passthrough.ts';
import { type ReviewCache, review } from './review.ts';
import type { Rule } from './rules.ts';
import { serviceAccountJwt } from './service-account.ts';
import { parseTokens, token } from './token.ts';

/** Who may report, as settings say it. */
export type AuthConfig =
  | {
      readonly mode: 'jwt';
      /** Of another issuer than the cluster; then `jwks` too. Default: the cluster itself. */
      readonly issuer?: string;
      /** URL of the issuer's public keys, or the keys. Default: the cluster's. */
      readonly jwks?: string | KeySet;
      /** Default: `vmcp-status-reporter`. */
      readonly audience?: string | readonly string[];
      readonly algorithms?: readonly string[];
      readonly rules?: readonly Rule[];
    }
  | { readonly mode: 'review'; readonly audiences?: readonly string[]; readonly cache?: ReviewCache }
  | { readonly mode: 'passthrough'; readonly cache?: ReviewCache }
  | { readonly mode: 'token'; readonly reloadInterval?: number };

/** What the authenticators need of the place where they run. */
export interface AuthDependencies extends ClusterOptions {
  /** Of the service. */
  readonly credentials: Credentials;
  /** Reads the JSON of shared secrets ({@link parseTokens}), and says where it came from. For mode `token`. */
  readonly readTokens?: () => Promise<{ text: string; source: string }>;
  readonly logger?: Logger;
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * The authenticator that settings ask for.
 *
 * @throws ConfigurationError
 */
export function createAuthenticator(config: AuthConfig, deps: AuthDependencies): Authenticate {
  switch (config.mode) {
    case 'review':
      return review({ ...deps, ...config });
    case 'passthrough':
      return passthrough({ ...deps, ...config });
    case 'token': {
      const { readTokens } = deps;
      if (readTokens === undefined)
        throw new ConfigurationError('auth token: expected a place to read tokens from.');
      return token({
        ...deps,
        ...config,
        async load() {
          const { text, source } = await readTokens();
          return parseTokens(text, source);
        },
      });
    }
    case 'jwt': {
      const { mode, issuer, jwks, audience = 'vmcp-status-reporter', ...verification } = config;
      const { logger, now } = deps;
      const common = { ...verification, audience, ...defined({ logger, now }) };
      if (jwks === undefined) return serviceAccountJwt({ ...deps, ...common, ...defined({ issuer }) });
      if (issuer === undefined) throw new ConfigurationError('auth jwt: expected an issuer beside the jwks.');
      if (typeof jwks === 'string' && !URL.canParse(jwks)) {
        throw new ConfigurationError(`auth jwt: expected jwks to be a URL, found ${JSON.stringify(jwks)}.`);
      }
      return jwt({ ...common, issuer, jwks: typeof jwks === 'string' ? new URL(jwks) : jwks });
    }
  }
}
