/**
 * Questions to the API server about tokens and rights.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/
 */
import type { AccessAttributes } from './authorization.ts';
import { answer, type Call, jsonBody } from './call.ts';
import { invalidValue } from './field-fault.ts';
import type { User } from './identity.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { badRequest, type FieldFault, invalid, unknownMethod } from './status-error.ts';
import { audienceOf, defaultAudience } from './tokens.ts';

export interface ReviewType {
  readonly group: string;
  readonly resource: string;
  readonly kind: string;
}

/** A `TokenReview`, `SubjectAccessReview` or one of their kin. */
export function answerReview(call: Call, review: ReviewType): Response {
  if (call.info.verb !== 'create') throw unknownMethod();
  const body = jsonBody(call);
  const { kind = review.kind, metadata, spec: given } = body;
  if (kind !== review.kind) {
    throw badRequest(
      `${String(kind)} in version "v1" cannot be handled as a ${review.kind}: expected kind ${review.kind}`,
    );
  }
  const spec = isObject(given) ? given : {};
  const status = statusOf(call, review, spec);
  const head = {
    kind: review.kind,
    apiVersion: `${review.group}/v1`,
    metadata: isObject(metadata) ? metadata : {},
  };
  return answer(
    call,
    201,
    review.kind === 'SelfSubjectReview' ? { ...head, status } : { ...head, spec, status },
  );
}

function statusOf(call: Call, { kind, group }: ReviewType, spec: JsonObject): object {
  if (kind === 'SelfSubjectReview') return { userInfo: userInfo(call.user) };
  if (kind === 'TokenReview') return reviewToken(call, spec);
  const faults = accessFaults(spec, kind !== 'SelfSubjectAccessReview');
  if (faults.length > 0) throw invalid({ group, resource: '' }, '', faults);
  const user = kind === 'SelfSubjectAccessReview' ? call.user : userOf(spec);
  return call.cluster.authorizer.decide(user, attributesOf(spec));
}

function reviewToken(call: Call, spec: JsonObject): object {
  const { token, audiences } = spec;
  if (typeof token !== 'string' || token === '') {
    throw badRequest('token is required for TokenReview in authentication');
  }
  const found = call.cluster.tokens.find(token, call.cluster.now());
  if (found === undefined) return { user: {}, error: 'invalid bearer token' };
  const wanted = Array.isArray(audiences) && audiences.length > 0 ? audiences : [defaultAudience];
  const matching = audienceOf(found).filter(audience => wanted.includes(audience));
  if (matching.length === 0) return { user: {}, error: 'invalid bearer token, token audiences do not match' };
  return { authenticated: true, user: userInfo(found.user), audiences: matching };
}

function userInfo({ name, groups, uid }: User): object {
  return { username: name, ...(uid === undefined ? {} : { uid }), groups };
}

function accessFaults(spec: JsonObject, needsUser: boolean): FieldFault[] {
  const { resourceAttributes: resource, nonResourceAttributes: path, user, groups } = spec;
  const faults: FieldFault[] = [];
  if (isObject(resource) && isObject(path)) {
    const shown = { Path: path.path ?? '', Verb: path.verb ?? '' };
    faults.push(
      invalidValue(
        'spec.nonResourceAttributes',
        shown,
        'cannot be specified in combination with resourceAttributes',
      ),
    );
  }
  if (!isObject(resource) && !isObject(path)) {
    const detail = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
    faults.push(invalidValue('spec.resourceAttributes', null, detail));
  }
  if (needsUser && textOf(user) === '' && (!Array.isArray(groups) || groups.length === 0)) {
    faults.push(invalidValue('spec.user', '', 'at least one of user or group must be specified'));
  }
  return faults;
}

function userOf({ user, groups }: JsonObject): User {
  return { name: textOf(user), groups: Array.isArray(groups) ? groups.map(textOf) : [] };
}

function attributesOf(spec: JsonObject): AccessAttributes {
  const resource = isObject(spec.resourceAttributes) ? spec.resourceAttributes : {};
  const path = isObject(spec.nonResourceAttributes) ? spec.nonResourceAttributes : undefined;
  return {
    verb: textOf(path === undefined ? resource.verb : path.verb),
    group: textOf(resource.group),
    resource: textOf(resource.resource),
    subresource: textOf(resource.subresource),
    namespace: textOf(resource.namespace),
    name: textOf(resource.name),
    ...(path === undefined ? {} : { path: textOf(path.path) }),
  };
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
