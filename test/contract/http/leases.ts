// Leases (coordination.k8s.io/v1): what leader election among replicas needs.
import { expect, it } from 'vitest';
import type { Target } from '../target.ts';
import { expectFailure, expectOk, mediaType, modified } from './subject.ts';

const microTime = (second: number) => `2026-01-01T00:00:0${second}.000000Z`;

export function leaseCases(target: () => Target): void {
  const leases = (namespace: string) => `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
  const lease = (spec: Record<string, unknown> = {}): any => ({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'leader' },
    spec: { holderIdentity: 'a', leaseDurationSeconds: 15, renewTime: microTime(1), ...spec },
  });

  async function held(): Promise<{ path: string; namespace: string; created: any }> {
    const namespace = await target().namespace();
    const created = expectOk(await target().request('POST', leases(namespace), { body: lease() }), 201);
    return { path: `${leases(namespace)}/leader`, namespace, created };
  }

  it('create and get: times keep their microseconds', async () => {
    const { path, created } = await held();
    expect(created).toMatchObject({
      kind: 'Lease',
      apiVersion: 'coordination.k8s.io/v1',
      spec: lease().spec,
    });
    expect(created.metadata.resourceVersion).toMatch(/^\d+$/);
    expect(expectOk(await target().request('GET', path))).toEqual(created);
  });

  it('create again: 409 AlreadyExists', async () => {
    const { namespace } = await held();
    const answer = await target().request('POST', leases(namespace), {
      body: lease({ holderIdentity: 'b' }),
    });
    expectFailure(answer, 409, 'AlreadyExists', 'leases.coordination.k8s.io "leader" already exists');
  });

  it('get of an absent one: 404 NotFound', async () => {
    const namespace = await target().namespace();
    const answer = await target().request('GET', `${leases(namespace)}/leader`);
    expectFailure(answer, 404, 'NotFound', 'leases.coordination.k8s.io "leader" not found');
  });

  it('PUT with the current resourceVersion renews; with a stale one: 409 Conflict', async () => {
    const { path, created } = await held();
    const renew = (object: any, spec: Record<string, unknown>) =>
      target().request('PUT', path, { body: { ...object, spec: { ...object.spec, ...spec } } });
    const renewed = expectOk(await renew(created, { renewTime: microTime(2) }));
    expect(renewed.metadata.resourceVersion).not.toBe(created.metadata.resourceVersion);
    const late = await renew(created, { holderIdentity: 'b', renewTime: microTime(3) });
    expectFailure(late, 409, 'Conflict', [
      'Operation cannot be fulfilled on leases.coordination.k8s.io "leader": ',
      modified,
    ]);
    expect(expectOk(await target().request('GET', path))).toEqual(renewed);
  });

  it('of two takers with the same resourceVersion one wins', async () => {
    const { path, created } = await held();
    const take = (holderIdentity: string) =>
      target().request('PUT', path, { body: { ...created, spec: { ...created.spec, holderIdentity } } });
    const answers = await Promise.all([take('b'), take('c')]);
    expect(answers.map(answer => answer.status).sort()).toEqual([200, 409]);
    const winner = answers.find(answer => answer.status === 200);
    expect(expectOk(await target().request('GET', path)).spec.holderIdentity).toBe(
      winner?.json.spec.holderIdentity,
    );
  });

  it('PUT without a resourceVersion: 422', async () => {
    const { path } = await held();
    const answer = await target().request('PUT', path, { body: lease({ holderIdentity: 'b' }) });
    expectFailure(answer, 422, 'Invalid', 'must be specified for an update', [
      { reason: 'FieldValueInvalid', field: 'metadata.resourceVersion' },
    ]);
  });

  it('merge patch, locked by resourceVersion', async () => {
    const { path, created } = await held();
    const patch = (resourceVersion: string, holderIdentity: string) =>
      target().request('PATCH', path, {
        headers: { 'content-type': mediaType.merge },
        body: { metadata: { resourceVersion }, spec: { holderIdentity } },
      });
    expect(expectOk(await patch(created.metadata.resourceVersion, 'b')).spec.holderIdentity).toBe('b');
    expectFailure(await patch(created.metadata.resourceVersion, 'c'), 409, 'Conflict', modified);
  });

  it('delete, locked by a precondition', async () => {
    const { path, created } = await held();
    const remove = (resourceVersion: string) =>
      target().request('DELETE', path, {
        body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { resourceVersion } },
      });
    expectFailure(
      await remove('1'),
      409,
      'Conflict',
      'the ResourceVersion in the precondition (1) does not match',
    );
    expectOk(await remove(created.metadata.resourceVersion));
    expect((await target().request('GET', path)).status).toBe(404);
  });

  it('leaseDurationSeconds of 0: 422', async () => {
    const namespace = await target().namespace();
    const answer = await target().request('POST', leases(namespace), {
      body: lease({ leaseDurationSeconds: 0 }),
    });
    expectFailure(answer, 422, 'Invalid', 'must be greater than 0', [
      { reason: 'FieldValueInvalid', field: 'spec.leaseDurationSeconds' },
    ]);
  });

  it('RBAC applies: rights on leases of the namespace, and 403 without', async () => {
    const { path, namespace } = await held();
    const rules = [{ verbs: ['get', 'update'], resources: ['leases'], apiGroups: ['coordination.k8s.io'] }];
    const [holder, nobody] = [
      await target().identity(namespace, rules),
      await target().identity(namespace, []),
    ];
    const object = expectOk(await target().request('GET', path, { token: holder.token }));
    expectOk(await target().request('PUT', path, { token: holder.token, body: object }));
    const refused = await target().request('GET', path, { token: nobody.token });
    expectFailure(
      refused,
      403,
      'Forbidden',
      'cannot get resource "leases" in API group "coordination.k8s.io"',
    );
  });
}
