// Which versions are served, and the two kinds of 404.
import { expect, it } from 'vitest';
import type { Target } from '../target.ts';
import { beta, collection, createSubject, expectFailure, expectOk, group, keys } from './subject.ts';

export function discoveryCases(target: () => Target): void {
  const get = (path: string, token?: string) =>
    target().request('GET', path, token === undefined ? {} : { token });

  it('/api: APIVersions with v1', async () => {
    expect(expectOk(await get('/api'))).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
  });

  it('/apis: APIGroupList with our group', async () => {
    const list = expectOk(await get('/apis'));
    expect(list).toMatchObject({ kind: 'APIGroupList', apiVersion: 'v1' });
    const groups = list.groups.filter((entry: any) => entry.name === group);
    expect(groups).toMatchObject([{ preferredVersion: { groupVersion: beta, version: 'v1beta1' } }]);
  });

  it('/apis/<group>: both versions, v1beta1 preferred', async () => {
    expect(expectOk(await get(`/apis/${group}`))).toMatchObject({
      kind: 'APIGroup',
      apiVersion: 'v1',
      name: group,
      versions: [
        { groupVersion: beta, version: 'v1beta1' },
        { groupVersion: `${group}/v1alpha1`, version: 'v1alpha1' },
      ],
      preferredVersion: { groupVersion: beta, version: 'v1beta1' },
    });
  });

  it('/apis/<group>/<version>: the resource and its status subresource with their verbs', async () => {
    for (const version of ['v1beta1', 'v1alpha1']) {
      const list = expectOk(await get(`/apis/${group}/${version}`));
      expect(list).toMatchObject({ kind: 'APIResourceList', groupVersion: `${group}/${version}` });
      expect(keys(list.resources)).toEqual(['virtualmcpservers', 'virtualmcpservers/status']);
      const [main, status] = list.resources;
      expect(main).toMatchObject({
        namespaced: true,
        kind: 'VirtualMCPServer',
        singularName: 'virtualmcpserver',
      });
      expect(main.shortNames).toEqual(['vmcp', 'virtualmcp']);
      expect([...main.verbs].sort()).toEqual(
        ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'].sort(),
      );
      expect([...status.verbs].sort()).toEqual(['get', 'patch', 'update']);
    }
  });

  it('an identity without any rights may discover', async () => {
    const { token } = await target().identity(await target().namespace(), []);
    expectOk(await get(`/apis/${group}`, token));
    expectOk(await get(`/apis/${group}/v1beta1`, token));
  });

  it('a version, group or resource that is not served: 404 "page not found" as plain text', async () => {
    const subject = await createSubject(target());
    const paths = [
      `/apis/${group}/v1`,
      '/apis/example.com',
      `${collection(subject.namespace, 'v1')}/subject`,
      `${collection(subject.namespace, 'v1')}/subject/status`,
      `/apis/${group}/v1beta1/namespaces/${subject.namespace}/nothings/subject`,
      '/nothing',
    ];
    for (const path of paths) {
      const answer = await get(path);
      expect(answer.status, path).toBe(404);
      expect(answer.text.trim(), path).toBe('404 page not found');
      expect(answer.headers['content-type'], path).toContain('text/plain');
    }
  });

  it('a PATCH to a version that is not served: the same 404', async () => {
    const subject = await createSubject(target());
    const answer = await target().request('PATCH', `${collection(subject.namespace, 'v1')}/subject/status`, {
      headers: { 'content-type': 'application/merge-patch+json' },
      body: {},
    });
    expect(answer.status).toBe(404);
    expect(answer.text.trim()).toBe('404 page not found');
  });

  it('an unknown subresource: 404 NotFound of the object', async () => {
    const subject = await createSubject(target());
    expectFailure(await get(`${subject.path}/scale`), 404, 'NotFound', '"subject" not found');
  });

  it('an unknown method: 405', async () => {
    const subject = await createSubject(target());
    expectFailure(
      await target().request('OPTIONS', subject.path),
      405,
      'MethodNotAllowed',
      'is not supported on resources',
    );
  });

  it('/version, /readyz and /livez answer without a token', async () => {
    const version = expectOk(await get('/version', ''));
    expect(version.gitVersion).toMatch(/^v1\.\d+\./);
    for (const path of ['/readyz', '/livez']) {
      const answer = await get(path, '');
      expect([answer.status, answer.text]).toEqual([200, 'ok']);
    }
  });
}
