/** Questions to the API server about tokens and rights, and the issue of tokens. */
import type { AccessAttributes } from './authorization.ts';
import { answer, type Call, jsonBody } from './call.ts';
import { required } from './field-fault.ts';
import { serviceAccountUser, type User } from './identity.ts';
import { isObject, type JsonObject } from './json.ts';
import { toTime } from './object.ts';
import { badRequest, invalid, methodNotAllowed, notFound } from './status-error.ts';

type Review = { readonly group: string; readonly resource: string; readonly kind: string };

/** A `TokenReview`, `SubjectAccessReview` or one of their kin. */
export function answerReview(call: Call, review: Review): Response {
  if (call.info.verb !== 'create') throw methodNotAllowed(review, call.info.verb);
  const body = jsonBody(call);
  const spec = isObject(body.spec) ? body.spec : {};
  const apiVersion = `${review.group}/v1`;
  if (body.kind !== undefined && body.kind !== '' && body.kind !== review.kind) {
    throw badRequest(`${String(body.kind)} in version "v1" cannot be handled as a ${review.kind}: expected kind ${review.kind}`);
  }
  const status = review.group === 'authentication.k8s.io' ? authentication(call, review, spec) : access(call, review, spec);
  const { metadata } = body;
  return answer(call, 201, { kind: review.kind, apiVersion, metadata: { creationTimestamp: null, ...(isObject(metadata) ? metadata : {}) }, ...(review.kind === 'SelfSubjectReview' ? {} : { spec }), status });
}

function authentication(call: Call, review: Review, spec: JsonObject): object {
  if (review.kind === 'SelfSubjectReview') return { userInfo: userInfo(call.user) };
  const token = typeof spec.token === 'string' ? spec.token : '';
  if (token === '') throw invalid({ group: review.group, resource: review.kind }, '', [required('spec.token', 'token is required for TokenReview in authentication')]);
  const found = call.cluster.tokens.find(token, call.cluster.now());
  if (found === undefined) return { user: {}, error: 'invalid bearer token' };
  const wanted = Array.isArray(spec.audiences) ? spec.audiences : [];
  const audiences = found.audiences ?? defaultAudiences;
  const matching = wanted.length === 0 ? audiences : audiences.filter(audience => wanted.includes(audience));
  if (matching.length === 0) return { user: {}, error: 'token audiences do not match the requested audiences' };
  return { authenticated: true, user: userInfo(found.user), audiences: matching };
}

function userInfo({ name, groups, uid }: User): object {
  return { username: name, ...(uid === undefined ? {} : { uid }), groups };
}

function access(call: Call, review: Review, spec: JsonObject): object {
  const user = review.kind === 'SelfSubjectAccessReview' ? call.user : userOf(spec);
  const allowed = call.cluster.authorizer.allows(user, attributesOf(spec));
  return { allowed };
}

function userOf(spec: JsonObject): User {
  const groups = Array.isArray(spec.groups) ? spec.groups.map(String) : [];
  return { name: typeof spec.user === 'string' ? spec.user : '', groups };
}

function attributesOf(spec: JsonObject): AccessAttributes {
  const resource = isObject(spec.resourceAttributes) ? spec.resourceAttributes : {};
  const path = isObject(spec.nonResourceAttributes) ? spec.nonResourceAttributes : undefined;
  const text = (key: string): string => (typeof resource[key] === 'string' ? resource[key] : '');
  return {
    verb: path === undefined ? text('verb') : String(path.verb ?? ''),
    group: text('group'),
    resource: text('resource'),
    subresource: text('subresource'),
    namespace: text('namespace'),
    name: text('name'),
    ...(path === undefined ? {} : { path: String(path.path ?? '') }),
  };
}

export const defaultAudiences = ['https://kubernetes.default.svc'];
const leastSeconds = 600;
const defaultSeconds = 3600;

/** A `TokenRequest`: POST `…/serviceaccounts/<name>/token`. */
export function answerTokenRequest(call: Call): Response {
  const { namespace, name } = call.info;
  const accounts = { group: '', resource: 'serviceaccounts' };
  if (call.info.verb !== 'create') throw methodNotAllowed(accounts, call.info.verb);
  const account = call.cluster.store.get('serviceaccounts', namespace, name);
  if (account === undefined) throw notFound(accounts, name);
  const body = jsonBody(call);
  const spec = isObject(body.spec) ? body.spec : {};
  const seconds = typeof spec.expirationSeconds === 'number' ? spec.expirationSeconds : defaultSeconds;
  if (seconds < leastSeconds) {
    const fault = { reason: 'FieldValueInvalid', field: 'spec.expirationSeconds', message: `Invalid value: ${seconds}: may not specify a duration less than 10 minutes` };
    throw invalid({ group: 'authentication.k8s.io', resource: 'TokenRequest' }, name, [fault]);
  }
  const given = Array.isArray(spec.audiences) ? spec.audiences.map(String) : [];
  const audiences = given.length === 0 ? defaultAudiences : given;
  const now = call.cluster.now();
  const expiresAt = new Date(now.getTime() + seconds * 1000);
  const uid = account.metadata.uid ?? '';
  const token = call.cluster.tokens.issue({ user: serviceAccountUser(namespace, name, uid), expiresAt, now, serviceAccount: { namespace, name, uid }, audiences });
  return answer(call, 201, {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name, namespace, creationTimestamp: toTime(now) },
    spec: { audiences, expirationSeconds: seconds, boundObjectRef: null },
    status: { token, expirationTimestamp: toTime(expiresAt) },
  });
}
