import {
  type AccessAttributes,
  type AccessReview,
  subjectAccessReview,
  type TokenReview,
  tokenReview,
  type UserInfo,
} from '../../api/reviews.ts';
import { tokenExpiry } from '../../credentials/token.ts';
import type { Credentials } from '../../types.ts';
import type { Authenticate, Caller, Verb } from '../model.ts';
import { ProblemError } from '../problem.ts';
import { digest, hex, servicePartition, tokenOf, unauthenticated } from './authenticate.ts';
import { asService, type ClusterOptions, createAsk } from './cluster.ts';
import { createGate, createMemo } from './memo.ts';

/** For how long the cluster's answers are kept. */
export interface ReviewCache {
  /** Milliseconds that a yes is kept, so also that a right outlives its withdrawal. Default 10,000. */
  readonly allowed?: number;
  /** Milliseconds that a no is kept. Default 2,000. */
  readonly denied?: number;
  /** Most answers kept; the least recently used one goes first. Default 10,000. */
  readonly size?: number;
  /** Most callers that are being identified at a time; others are answered with 429. Default 100. */
  readonly pending?: number;
}

export interface ReviewOptions extends ClusterOptions {
  /** The service's own; its identity needs the ClusterRole `system:auth-delegator`. */
  readonly credentials: Credentials;
  /** Audiences, for one of which a token must be. Default: that of the API server. */
  readonly audiences?: readonly string[];
  readonly cache?: ReviewCache;
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

const instead =
  'Bind the ClusterRole system:auth-delegator to the identity of the service, so that it may create tokenreviews and subjectaccessreviews';

/**
 * The cluster decides: a TokenReview says who a caller is, SubjectAccessReviews what it may do. To report takes the right
 * to `patch virtualmcpservers/status`, to read that to `get virtualmcpservers`.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/webhook/
 */
export function review(options: ReviewOptions): Authenticate {
  const { credentials, audiences, now = Date.now } = options;
  const ask = createAsk(options);
  const answers = createAnswers(options.cache, now);

  async function identify(token: string): Promise<UserInfo | undefined> {
    const question = ask<TokenReview>(
      credentials,
      tokenReview(token, audiences),
      'Reviewing the token of a caller',
    );
    const { status } = await asService(question, instead);
    if (status?.authenticated !== true || !status.user?.username) return undefined;
    // An API server that knows nothing of audiences names none.
    const meant = audiences === undefined || audiences.some(one => status.audiences?.includes(one));
    return meant ? status.user : undefined;
  }

  async function allows(user: UserInfo, access: AccessAttributes): Promise<boolean> {
    const question = ask<AccessReview>(
      credentials,
      subjectAccessReview(user, access),
      'Reviewing the rights of a caller',
    );
    return (await asService(question, instead)).status?.allowed === true;
  }

  return async request => {
    const token = tokenOf(request);
    const key = hex(await digest(token));
    const expiry = tokenExpiry(token);
    const user = await answers.user(key, expiry, () => identify(token));
    if (user === undefined) throw unauthenticated(request, 'The cluster does not accept the token.');
    return {
      name: user.username ?? '',
      partition: servicePartition,
      may: answers.rights(key, expiry, access => allows(user, access)),
    };
  };
}

/** What the cluster answered about tokens, kept for a while. */
export interface Answers {
  /**
   * @param expiry of the token, as it says itself, in milliseconds since the epoch
   * @param identify `undefined` for nobody
   * @throws ProblemError `throttled` where too many are being identified
   */
  user<User>(
    key: string,
    expiry: number | undefined,
    identify: () => Promise<User | undefined>,
  ): Promise<User | undefined>;
  /** What the caller of one request may do. */
  rights(
    key: string,
    expiry: number | undefined,
    allows: (access: AccessAttributes) => Promise<boolean>,
  ): Caller['may'];
}

/** Questions about rights that one request asks at a time: a list asks about each of its resources. */
const atOnce = 8;

export function createAnswers(cache: ReviewCache = {}, now: () => number): Answers {
  const { allowed = 10_000, denied = 2_000, size = 10_000, pending = 100 } = cache;
  const memo = createMemo(size, now);
  const until = (yes: boolean) => now() + (yes ? allowed : denied);
  let identifying = 0;

  return {
    async user(key, expiry = Number.POSITIVE_INFINITY, identify) {
      // What says itself that it has expired is not worth a question.
      if (expiry <= now()) return undefined;
      return memo.get(key, async () => {
        // Whoever sends garbage must not keep the API server busy.
        if (identifying >= pending) {
          throw new ProblemError(
            'throttled',
            'Too many callers are being identified; try again in a second.',
          );
        }
        identifying += 1;
        try {
          const value = await identify();
          return { value, until: until(value !== undefined) };
        } finally {
          identifying -= 1;
        }
      });
    },
    rights(key, expiry = Number.POSITIVE_INFINITY, allows) {
      const gate = createGate(atOnce);
      const underWay = memo.common ?? new Map();
      const ask = (access: AccessAttributes) =>
        memo.get(
          `${key} ${access.verb} ${access.namespace ?? ''}/${access.name ?? ''}`,
          () =>
            gate(async () => {
              const value = await allows(access);
              return { value, until: until(value) };
            }),
          underWay,
        );
      return async (verb, { namespace, name }) => {
        // A stream of events may outlive its token.
        if (expiry <= now()) return false;
        for (const access of questions(verb, namespace, name)) if (await ask(access)) return true;
        return false;
      };
    },
  };
}

/** Lists show many resources: who may read all of them, or all of a namespace, is asked about once. */
function questions(verb: Verb, namespace: string, name: string): AccessAttributes[] {
  if (verb === 'report') return [{ verb: 'patch', subresource: 'status', namespace, name }];
  return [{}, { namespace }, { namespace, name }].map(scope => ({ verb: 'get', ...scope }));
}
