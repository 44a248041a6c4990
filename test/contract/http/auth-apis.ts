// The APIs that answer questions about identities: TokenReview, access reviews, TokenRequest.
import { expect, it } from 'vitest';
import type { Target } from '../target.ts';
import { expectFailure, expectOk, group } from './subject.ts';

const authentication = '/apis/authentication.k8s.io/v1';
const authorization = '/apis/authorization.k8s.io/v1';

export function authApiCases(target: () => Target): void {
  const post = (path: string, apiVersion: string, kind: string, spec: unknown, token?: string) =>
    target().request('POST', path, {
      body: { apiVersion, kind, spec },
      ...(token === undefined ? {} : { token }),
    });
  const reviewToken = (spec: unknown, token?: string) =>
    post(`${authentication}/tokenreviews`, 'authentication.k8s.io/v1', 'TokenReview', spec, token);
  const reviewAccess = (spec: unknown, token?: string) =>
    post(
      `${authorization}/subjectaccessreviews`,
      'authorization.k8s.io/v1',
      'SubjectAccessReview',
      spec,
      token,
    );
  const reviewOwnAccess = (resourceAttributes: unknown, token?: string) =>
    post(
      `${authorization}/selfsubjectaccessreviews`,
      'authorization.k8s.io/v1',
      'SelfSubjectAccessReview',
      { resourceAttributes },
      token,
    );
  const requestToken = (namespace: string, name: string, spec: unknown, token?: string) =>
    post(
      `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
      'authentication.k8s.io/v1',
      'TokenRequest',
      spec,
      token,
    );
  const claimsOf = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

  it('TokenReview of a ServiceAccount’s token: authenticated, with user, uid, groups and audience', async () => {
    const namespace = await target().namespace();
    const { name, token } = await target().identity(namespace, []);
    const review = expectOk(await reviewToken({ token }), 201);
    expect(review).toMatchObject({
      kind: 'TokenReview',
      apiVersion: 'authentication.k8s.io/v1',
      spec: { token },
    });
    expect(review.status).toMatchObject({
      authenticated: true,
      user: {
        username: `system:serviceaccount:${namespace}:${name}`,
        groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
      },
      audiences: ['https://kubernetes.default.svc'],
    });
    expect(review.status.user.uid).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('TokenReview of a token that nobody knows: 201, not authenticated, with an error', async () => {
    const review = expectOk(await reviewToken({ token: 'no-such-token' }), 201);
    expect(review.status.authenticated).not.toBe(true);
    expect(review.status.error).toContain('invalid bearer token');
  });

  it('TokenReview for another audience: not authenticated', async () => {
    const { token } = await target().identity(await target().namespace(), []);
    const review = expectOk(await reviewToken({ token, audiences: ['elsewhere'] }), 201);
    expect(review.status.authenticated).not.toBe(true);
  });

  it('TokenReview without a token: 400; without the right: 403', async () => {
    expectFailure(await reviewToken({}), 400, 'BadRequest', 'token is required for TokenReview');
    const { token } = await target().identity(await target().namespace(), []);
    expectFailure(await reviewToken({ token }, token), 403, 'Forbidden', [
      'tokenreviews.authentication.k8s.io is forbidden: User "system:serviceaccount:',
      'cannot create resource "tokenreviews" in API group "authentication.k8s.io" at the cluster scope',
    ]);
  });

  it('SubjectAccessReview: allowed with a reason, or not allowed', async () => {
    const namespace = await target().namespace();
    const rules = [{ verbs: ['patch'], resources: ['virtualmcpservers/status'] }];
    const { name } = await target().identity(namespace, rules);
    const user = `system:serviceaccount:${namespace}:${name}`;
    const attributes = {
      namespace,
      group,
      resource: 'virtualmcpservers',
      subresource: 'status',
      verb: 'patch',
    };
    const allowed = expectOk(await reviewAccess({ user, resourceAttributes: attributes }), 201);
    expect(allowed).toMatchObject({
      kind: 'SubjectAccessReview',
      spec: { user, resourceAttributes: attributes },
    });
    expect(allowed.status.allowed).toBe(true);
    expect(allowed.status.reason).toContain(`RBAC: allowed by RoleBinding`);
    for (const change of [{ verb: 'get' }, { subresource: '' }, { namespace: 'default' }, { group: '' }]) {
      const resourceAttributes = { ...attributes, ...change };
      const denied = expectOk(await reviewAccess({ user, resourceAttributes }), 201);
      expect(denied.status.allowed, JSON.stringify(change)).toBe(false);
    }
  });

  it('SubjectAccessReview counts groups, and paths that are no resources', async () => {
    const resourceAttributes = { verb: 'delete', group, resource: 'virtualmcpservers' };
    const master = await reviewAccess({ user: 'anybody', groups: ['system:masters'], resourceAttributes });
    expect(expectOk(master, 201).status.allowed).toBe(true);
    const path = await reviewAccess({
      user: 'anybody',
      nonResourceAttributes: { path: '/metrics', verb: 'get' },
    });
    expect(expectOk(path, 201).status.allowed).toBe(false);
  });

  it('SubjectAccessReview without user, or with two kinds of attributes: 422', async () => {
    const resourceAttributes = { verb: 'get', resource: 'pods' };
    expectFailure(
      await reviewAccess({ resourceAttributes }),
      422,
      'Invalid',
      'at least one of user or group must be specified',
    );
    const both = { user: 'a', resourceAttributes, nonResourceAttributes: { path: '/', verb: 'get' } };
    expectFailure(
      await reviewAccess(both),
      422,
      'Invalid',
      'cannot be specified in combination with resourceAttributes',
    );
  });

  it('SubjectAccessReview without the right to ask: 403', async () => {
    const { token } = await target().identity(await target().namespace(), []);
    const answer = await reviewAccess(
      { user: 'a', resourceAttributes: { verb: 'get', resource: 'pods' } },
      token,
    );
    expectFailure(answer, 403, 'Forbidden', 'cannot create resource "subjectaccessreviews"');
  });

  it('SelfSubjectAccessReview: anybody may ask about themselves, by verb, subresource and name', async () => {
    const namespace = await target().namespace();
    const { token } = await target().identity(namespace, [
      { verbs: ['get'], resources: ['virtualmcpservers'], resourceNames: ['mine'] },
      { verbs: ['patch'], resources: ['virtualmcpservers/status'] },
    ]);
    const allowed = async (attributes: Record<string, string>) => {
      const resourceAttributes = { namespace, group, resource: 'virtualmcpservers', ...attributes };
      return expectOk(await reviewOwnAccess(resourceAttributes, token), 201).status.allowed;
    };
    expect(await allowed({ verb: 'get', name: 'mine' })).toBe(true);
    expect(await allowed({ verb: 'get', name: 'other' })).toBe(false);
    expect(await allowed({ verb: 'get' })).toBe(false);
    expect(await allowed({ verb: 'patch', subresource: 'status' })).toBe(true);
    expect(await allowed({ verb: 'update', subresource: 'status' })).toBe(false);
  });

  it('TokenRequest: a JWT for the ServiceAccount with expiry and audience', async () => {
    const namespace = await target().namespace();
    const { name } = await target().identity(namespace, []);
    const answer = expectOk(await requestToken(namespace, name, { expirationSeconds: 600 }), 201);
    expect(answer).toMatchObject({ kind: 'TokenRequest', spec: { expirationSeconds: 600 } });
    expect(answer.status.expirationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const claims = claimsOf(answer.status.token);
    expect(claims).toMatchObject({
      sub: `system:serviceaccount:${namespace}:${name}`,
      aud: ['https://kubernetes.default.svc'],
      iss: 'https://kubernetes.default.svc',
      'kubernetes.io': { namespace, serviceaccount: { name } },
    });
    expect(claims.exp - claims.iat).toBe(600);
    expect(claims.exp * 1000).toBe(Date.parse(answer.status.expirationTimestamp));
    expectOk(await target().request('GET', `/apis/${group}`, { token: answer.status.token }));
  });

  it('TokenRequest: one hour by default, ten minutes at least', async () => {
    const namespace = await target().namespace();
    const { name } = await target().identity(namespace, []);
    expect(expectOk(await requestToken(namespace, name, {}), 201).spec.expirationSeconds).toBe(3600);
    const short = await requestToken(namespace, name, { expirationSeconds: 599 });
    expectFailure(short, 422, 'Invalid', 'may not specify a duration less than 10 minutes', [
      { reason: 'FieldValueInvalid', field: 'spec.expirationSeconds' },
    ]);
  });

  it('TokenRequest for another audience: the API server itself refuses that token', async () => {
    const namespace = await target().namespace();
    const { name } = await target().identity(namespace, []);
    const { status } = expectOk(await requestToken(namespace, name, { audiences: ['elsewhere'] }), 201);
    expect(claimsOf(status.token).aud).toEqual(['elsewhere']);
    const answer = await target().request('GET', `/apis/${group}`, { token: status.token });
    expectFailure(answer, 401, 'Unauthorized', 'Unauthorized');
  });

  it('TokenRequest for an absent ServiceAccount: 404; without the right: 403', async () => {
    const namespace = await target().namespace();
    const { name, token } = await target().identity(namespace, []);
    expectFailure(
      await requestToken(namespace, 'absent', {}),
      404,
      'NotFound',
      'serviceaccounts "absent" not found',
    );
    expectFailure(await requestToken(namespace, name, {}, token), 403, 'Forbidden', [
      `serviceaccounts "${name}" is forbidden: `,
      'cannot create resource "serviceaccounts/token" in API group ""',
    ]);
  });
}
