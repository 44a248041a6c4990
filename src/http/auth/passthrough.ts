import {
  type AccessReview,
  type SelfSubjectReview,
  selfSubjectAccessReview,
  selfSubjectReview,
} from '../../api/reviews.ts';
import { tokenExpiry } from '../../credentials/token.ts';
import { defined } from '../../defined.ts';
import { isApiError } from '../../errors.ts';
import type { Access, Credentials } from '../../types.ts';
import type { Authenticate } from '../model.ts';
import { digest, hex, tokenOf, unauthenticated } from './authenticate.ts';
import { type ClusterOptions, createAsk } from './cluster.ts';
import { createAnswers, type ReviewCache } from './review.ts';

export interface PassthroughOptions extends ClusterOptions {
  /**
   * Where the API server is: its address, the CA to trust and the proxy are taken from here, and nothing that says who
   * somebody is: a client certificate would outrank the caller's token.
   */
  readonly credentials: Credentials;
  readonly cache?: ReviewCache;
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/**
 * The caller's own bearer token goes to the API server, which decides; the service needs no credential. The API server is
 * asked beforehand too (SelfSubjectReview, SelfSubjectAccessReview, as the caller): what the service shows from memory, and
 * accepts before it delivers, would otherwise be open to everybody.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
 */
export function passthrough(options: PassthroughOptions): Authenticate {
  const { credentials, now = Date.now } = options;
  const ask = createAsk(options);
  const answers = createAnswers(options.cache, now);

  return async request => {
    const token = tokenOf(request);
    const key = hex(await digest(token));
    const expiry = tokenExpiry(token);
    const own = callerCredentials(credentials, token);
    const refused = () => unauthenticated(request, 'The cluster does not accept the token.');
    const name = await answers.user(key, expiry, async () => {
      try {
        const review = await ask<SelfSubjectReview>(own, selfSubjectReview(), 'Asking whose token it is');
        return review.status?.userInfo?.username ?? `token ${key.slice(0, 8)}`;
      } catch (error) {
        if (!isApiError(error)) throw error;
        if (error.code === 'unauthorized') return undefined;
        // Whoever gets so far is known to the cluster: it is an old one, or does not let everybody ask.
        if (error.code === 'forbidden' || error.code === 'not_found') return `token ${key.slice(0, 8)}`;
        throw error;
      }
    });
    if (name === undefined) throw refused();
    return {
      name,
      partition: key,
      credentials: own,
      may: answers.rights(key, expiry, async access => {
        try {
          const review = await ask<AccessReview>(
            own,
            selfSubjectAccessReview(access),
            'Asking what the caller may do',
          );
          return review.status?.allowed === true;
        } catch (error) {
          if (isApiError(error) && error.code === 'unauthorized') throw refused();
          if (isApiError(error) && error.code === 'forbidden') return false;
          throw error;
        }
      }),
    };
  };
}

/** Access as whoever has this token, and nobody else. */
function callerCredentials(base: Credentials, token: string): Credentials {
  let seen: Access | undefined;
  let access: Access | undefined;
  return {
    source: "the caller's own token",
    async access(options) {
      const current = await base.access(defined({ signal: options?.signal }));
      if (access === undefined || current !== seen) {
        const { server, proxyUrl, tls: { ca, serverName, insecureSkipVerify } = {} } = current;
        access = {
          server,
          token,
          ...defined({ proxyUrl, tls: defined({ ca, serverName, insecureSkipVerify }) }),
        };
        seen = current;
      }
      return access;
    },
  };
}
