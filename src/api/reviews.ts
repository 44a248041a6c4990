/**
 * Questions to the API server about tokens and rights. Pure.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/
 * @see https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/
 */

import { defined } from '../defined.ts';
import { group } from './paths.ts';
import type { ApiRequest } from './requests.ts';

/** Who the API server takes somebody for: `UserInfo`. */
export interface UserInfo {
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** What somebody may want to do. Without a name, with all of a namespace; without a namespace, with all there are. */
export interface AccessAttributes {
  readonly verb: string;
  readonly subresource?: 'status';
  readonly namespace?: string;
  readonly name?: string;
}

/** The answer to {@link tokenReview}. */
export interface TokenReview {
  readonly status?: {
    readonly authenticated?: boolean;
    readonly user?: UserInfo;
    readonly audiences?: readonly string[];
  };
}

/** The answer to {@link selfSubjectReview}. */
export interface SelfSubjectReview {
  readonly status?: { readonly userInfo?: UserInfo };
}

/** The answer to {@link subjectAccessReview} and {@link selfSubjectAccessReview}. */
export interface AccessReview {
  readonly status?: { readonly allowed?: boolean };
}

/**
 * Whose token is it?
 *
 * @param audiences one of which the token must be for; none for the API server itself
 */
export function tokenReview(token: string, audiences?: readonly string[]): ApiRequest {
  return create('authentication.k8s.io', 'TokenReview', 'tokenreviews', { token, ...defined({ audiences }) });
}

/** Who am I? Kubernetes 1.28 and later. */
export function selfSubjectReview(): ApiRequest {
  return create('authentication.k8s.io', 'SelfSubjectReview', 'selfsubjectreviews');
}

/** May that user do that? */
export function subjectAccessReview(user: UserInfo, access: AccessAttributes): ApiRequest {
  const { username, groups, uid, extra } = user;
  return create('authorization.k8s.io', 'SubjectAccessReview', 'subjectaccessreviews', {
    ...defined({ user: username, groups, uid, extra }),
    resourceAttributes: attributes(access),
  });
}

/** May I do that? */
export function selfSubjectAccessReview(access: AccessAttributes): ApiRequest {
  return create('authorization.k8s.io', 'SelfSubjectAccessReview', 'selfsubjectaccessreviews', {
    resourceAttributes: attributes(access),
  });
}

function attributes(access: AccessAttributes): object {
  return { group, resource: 'virtualmcpservers', ...access };
}

function create(apiGroup: string, kind: string, plural: string, spec?: object): ApiRequest {
  return {
    method: 'POST',
    path: `/apis/${apiGroup}/v1/${plural}`,
    accept: 'application/json',
    contentType: 'application/json',
    body: JSON.stringify({ apiVersion: `${apiGroup}/v1`, kind, ...defined({ spec }) }),
  };
}
