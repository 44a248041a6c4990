// Who may do what: 401 and 403 as Kubernetes words them, and both sets of rights that operators grant.
import { expect, it } from 'vitest';
import type { Target, TargetIdentity, TargetRule } from '../target.ts';
import {
  beta,
  collection,
  createSubject,
  entriesOf,
  expectFailure,
  expectOk,
  group,
  mediaType,
  type Subject,
  virtualMcpServer,
} from './subject.ts';

/** What the operator grants a vMCP pod today. */
const operatorGrant: TargetRule[] = [
  { verbs: ['get'], resources: ['virtualmcpservers'] },
  { verbs: ['update', 'patch'], resources: ['virtualmcpservers/status'] },
];
/** What the Go package's documentation asks for. */
const documentedGrant: TargetRule[] = [
  { verbs: ['get', 'update', 'patch'], resources: ['virtualmcpservers/status'] },
];

export function rbacCases(target: () => Target): void {
  async function withRights(
    rules: TargetRule[],
  ): Promise<{ subject: Subject; identity: TargetIdentity; user: string }> {
    const subject = await createSubject(target());
    const identity = await target().identity(subject.namespace, rules);
    return { subject, identity, user: `system:serviceaccount:${subject.namespace}:${identity.name}` };
  }
  const cannot = (user: string, verb: string, resource: string, where: string) =>
    `is forbidden: User "${user}" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`;

  it('an unknown token: 401 Unauthorized', async () => {
    const { subject, identity } = await withRights([]);
    const forged = `${identity.token.slice(0, -8)}AAAAAAAA`;
    for (const token of ['no-such-token', forged]) {
      const answer = await target().request('GET', subject.path, { token });
      expectFailure(answer, 401, 'Unauthorized', 'Unauthorized');
      expect(answer.json).not.toHaveProperty('details');
    }
  });

  it('no token: 403 for system:anonymous', async () => {
    const subject = await createSubject(target());
    const answer = await target().request('GET', subject.path, { token: '' });
    const where = `in the namespace "${subject.namespace}"`;
    expectFailure(answer, 403, 'Forbidden', [
      'virtualmcpservers.toolhive.stacklok.dev "subject" ',
      cannot('system:anonymous', 'get', 'virtualmcpservers', where),
    ]);
    expect(answer.json.details).toEqual({ name: 'subject', group, kind: 'virtualmcpservers' });
  });

  it('no rights: 403 for each verb, before it is known whether the object exists', async () => {
    const { subject, identity, user } = await withRights([]);
    const { token } = identity;
    const where = `in the namespace "${subject.namespace}"`;
    const merge = { token, headers: { 'content-type': mediaType.merge }, body: {} };
    const cases: [string, string, Promise<any>][] = [
      ['get', 'virtualmcpservers', target().request('GET', subject.path, { token })],
      [
        'get',
        'virtualmcpservers',
        target().request('GET', `${collection(subject.namespace)}/absent`, { token }),
      ],
      ['get', 'virtualmcpservers/status', target().request('GET', subject.statusPath, { token })],
      ['list', 'virtualmcpservers', target().request('GET', collection(subject.namespace), { token })],
      [
        'watch',
        'virtualmcpservers',
        target().request('GET', `${collection(subject.namespace)}?watch=true`, { token }),
      ],
      ['patch', 'virtualmcpservers', target().request('PATCH', subject.path, merge)],
      ['patch', 'virtualmcpservers/status', target().request('PATCH', subject.statusPath, merge)],
      [
        'update',
        'virtualmcpservers/status',
        target().request('PUT', subject.statusPath, { token, body: subject.created }),
      ],
      [
        'create',
        'virtualmcpservers',
        target().request('POST', collection(subject.namespace), { token, body: subject.created }),
      ],
      ['delete', 'virtualmcpservers', target().request('DELETE', subject.path, { token })],
    ];
    for (const [verb, resource, answer] of cases) {
      expectFailure(await answer, 403, 'Forbidden', cannot(user, verb, resource, where));
    }
  });

  it('rights end with the namespace: 403 elsewhere and at the cluster scope', async () => {
    const { subject, identity, user } = await withRights([
      { verbs: ['get', 'list'], resources: ['virtualmcpservers'] },
    ]);
    const { token } = identity;
    expectOk(await target().request('GET', collection(subject.namespace), { token }));
    const elsewhere = await target().namespace();
    const foreign = await target().request('GET', collection(elsewhere), { token });
    const there = `in the namespace "${elsewhere}"`;
    expectFailure(foreign, 403, 'Forbidden', cannot(user, 'list', 'virtualmcpservers', there));
    expect(foreign.json.details).toEqual({ group, kind: 'virtualmcpservers' });
    const all = await target().request('GET', `/apis/${beta}/virtualmcpservers`, { token });
    expectFailure(all, 403, 'Forbidden', cannot(user, 'list', 'virtualmcpservers', 'at the cluster scope'));
  });

  it('resourceNames: that object only', async () => {
    const { subject, identity } = await withRights([
      { verbs: ['get'], resources: ['virtualmcpservers'], resourceNames: ['subject'] },
    ]);
    const { token } = identity;
    expectOk(await target().request('GET', subject.path, { token }));
    expectFailure(
      await target().request('GET', `${collection(subject.namespace)}/other`, { token }),
      403,
      'Forbidden',
    );
  });

  it('the operator’s grant: GET of the object, PATCH and PUT of /status, no GET of /status', async () => {
    const { subject, identity, user } = await withRights(operatorGrant);
    const { token } = identity;
    expectOk(await target().request('GET', subject.path, { token }));
    const refused = await target().request('GET', subject.statusPath, { token });
    expectFailure(
      refused,
      403,
      'Forbidden',
      cannot(user, 'get', 'virtualmcpservers/status', 'in the namespace'),
    );
    expectOk(await subject.apply({ phase: 'Ready' }, { token }));
    expectOk(await subject.putStatus({ phase: 'Failed' }, { token }));
    const main = { token, headers: { 'content-type': mediaType.merge }, body: { spec: { replicas: 2 } } };
    expectFailure(
      await target().request('PATCH', subject.path, main),
      403,
      'Forbidden',
      'cannot patch resource',
    );
  });

  it('the documented grant: GET, PATCH and PUT of /status, no GET of the object', async () => {
    const { subject, identity, user } = await withRights(documentedGrant);
    const { token } = identity;
    const refused = await target().request('GET', subject.path, { token });
    expectFailure(refused, 403, 'Forbidden', cannot(user, 'get', 'virtualmcpservers', 'in the namespace'));
    expect(expectOk(await target().request('GET', subject.statusPath, { token }))).toEqual(subject.created);
    expectOk(await subject.apply({ phase: 'Ready' }, { token }));
    expectOk(await subject.putStatus({ phase: 'Failed' }, { token }));
  });

  it('patch on /status alone reads the object with an empty merge patch', async () => {
    const { subject, identity } = await withRights([
      { verbs: ['patch'], resources: ['virtualmcpservers/status'] },
    ]);
    const { token } = identity;
    expect((await target().request('GET', subject.path, { token })).status).toBe(403);
    expect((await target().request('GET', subject.statusPath, { token })).status).toBe(403);
    expect(expectOk(await subject.mergePatch({}, { token }))).toEqual(subject.created);
    expectFailure(
      await subject.putStatus({ phase: 'Ready' }, { token }),
      403,
      'Forbidden',
      'cannot update resource',
    );
  });

  it('an apply on the main resource needs `create` where the object is absent', async () => {
    const { subject, identity, user } = await withRights([
      { verbs: ['patch'], resources: ['virtualmcpservers'] },
    ]);
    const path = `${collection(subject.namespace)}/absent?fieldManager=tester`;
    const headers = { 'content-type': mediaType.apply };
    const answer = await target().request('PATCH', path, {
      token: identity.token,
      headers,
      body: virtualMcpServer('absent'),
    });
    expectFailure(answer, 403, 'Forbidden', cannot(user, 'create', 'virtualmcpservers', 'in the namespace'));
  });

  it('RBAC knows wildcards for verbs, resources and groups', async () => {
    const { subject, identity } = await withRights([{ verbs: ['*'], resources: ['*'], apiGroups: ['*'] }]);
    const { token } = identity;
    expectOk(await target().request('GET', subject.statusPath, { token }));
    expectOk(await subject.mergePatch({ status: { phase: 'Ready' } }, { token }));
    expectOk(await target().request('DELETE', subject.path, { token }));
  });

  it('a page that is not found stays 404 for anybody; another path is 403', async () => {
    const { identity } = await withRights([]);
    const answer = await target().request('GET', '/apis/example.com/v1', { token: identity.token });
    expect([answer.status, answer.text.trim()]).toEqual([404, '404 page not found']);
    const metrics = await target().request('GET', '/metrics', { token: identity.token });
    expectFailure(metrics, 403, 'Forbidden', [
      'forbidden: User "system:serviceaccount:',
      '" cannot get path "/metrics"',
    ]);
  });

  it('impersonation: allowed to administrators, and then the rights are those of the other', async () => {
    const { subject, identity, user } = await withRights(operatorGrant);
    const headers = { 'impersonate-user': user };
    expectOk(await target().request('GET', subject.path, { headers }));
    const refused = await target().request('GET', subject.statusPath, { headers });
    expectFailure(
      refused,
      403,
      'Forbidden',
      cannot(user, 'get', 'virtualmcpservers/status', 'in the namespace'),
    );
    const member = { 'impersonate-user': 'alice', 'impersonate-group': 'system:masters' };
    expectOk(await target().request('GET', subject.statusPath, { headers: member }));
    const denied = await target().request('GET', subject.path, { token: identity.token, headers: member });
    expectFailure(denied, 403, 'Forbidden', ['is forbidden: User ', 'impersonate']);
  });

  it('the default field manager of a ServiceAccount is still its User-Agent', async () => {
    const { subject, identity } = await withRights(operatorGrant);
    const headers = { 'user-agent': 'gateway/1.0' };
    const options = { token: identity.token, manager: null, headers };
    const object = expectOk(await subject.mergePatch({ status: { phase: 'Ready' } }, options));
    expect(entriesOf(object, 'gateway')).toHaveLength(1);
  });
}
