import { describe, expect, it } from 'vitest';
import { createFakeApiServer, type FakeApiServer } from '../../src/testing/index.ts';
import { createApi, moment, objectPath, statusPath } from './support.ts';

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const statusOf = async (api: FakeApiServer, path: string, init?: RequestInit) =>
  (await api.fetch(path, init)).status;
const apply = (body: object) => ({
  method: 'PATCH',
  headers: { 'content-type': 'application/apply-patch+yaml' },
  body: JSON.stringify({
    apiVersion: 'toolhive.stacklok.dev/v1beta1',
    kind: 'VirtualMCPServer',
    metadata: { name: 'demo' },
    status: body,
  }),
});

describe('a fake API server', () => {
  it('has the objects that it is given, with times of the given clock in whole seconds', () => {
    const objects = [{ namespace: 'ns', name: 'demo', status: { phase: 'Ready' }, labels: { team: 'a' } }];
    const demo = createApi({ objects }).get('ns', 'demo');
    expect(demo).toMatchObject({
      metadata: {
        name: 'demo',
        namespace: 'ns',
        labels: { team: 'a' },
        generation: 1,
        creationTimestamp: '2026-03-01T12:00:00Z',
      },
      spec: { groupRef: { name: 'default' }, incomingAuth: { type: 'anonymous' } },
      status: { phase: 'Ready' },
    });
  });

  it('is the same in every run', async () => {
    const run = async () => {
      const api = createApi();
      const answers = [
        await api.fetch(`${statusPath}?fieldManager=x`, apply({ phase: 'Ready' })),
        await api.fetch(objectPath),
      ];
      return Promise.all(answers.map(answer => answer.text()));
    };
    expect(await run()).toEqual(await run());
  });

  it('answers paths, URLs and requests, to any host', async () => {
    const api = createApi();
    expect(await statusOf(api, objectPath)).toBe(200);
    expect(await statusOf(api, `https://elsewhere.test${objectPath}`)).toBe(200);
    expect((await api.fetch(new URL(`${api.server}${objectPath}`))).status).toBe(200);
    expect((await api.fetch(new Request(`${api.server}${objectPath}`))).status).toBe(200);
    expect((await api.app.request(objectPath)).status).toBe(200);
  });

  it('keeps what arrived and how it was answered', async () => {
    const api = createApi();
    await api.fetch(`${statusPath}?fieldManager=x&force=true`, apply({ phase: 'Ready' }));
    await api.fetch('/nowhere', { headers: { accept: 'text/html' } });
    expect(api.requests).toMatchObject([
      {
        method: 'PATCH',
        path: statusPath,
        query: { fieldManager: 'x', force: 'true' },
        contentType: 'application/apply-patch+yaml',
        user: 'system:admin',
        status: 200,
        body: { status: { phase: 'Ready' } },
      },
      { method: 'GET', path: '/nowhere', accept: 'text/html', status: 404, text: '', body: undefined },
    ]);
    api.clearRequests();
    expect(api.requests).toEqual([]);
  });

  it('rejects a request that is aborted already, as fetch does', async () => {
    const reason = new Error('enough');
    const api = createApi();
    await expect(api.fetch(objectPath, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(api.requests).toEqual([]);
  });

  it('has the namespaces that every cluster has, and those of its objects', async () => {
    const list = await (await createApi().fetch('/api/v1/namespaces')).json();
    const names = list.items.map((item: { metadata: { name: string } }) => item.metadata.name);
    expect(names).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system', 'ns']);
  });

  it('deletes a collection as far as it is selected', async () => {
    const api = createApi({ objects: ['a', 'b'].map(name => ({ namespace: 'ns', name, labels: { name } })) });
    const collection = objectPath.replace('/demo', '');
    await api.fetch(`${collection}?labelSelector=name%3Da`, { method: 'DELETE' });
    expect(api.list().map(({ metadata }) => metadata.name)).toEqual(['b']);
    await api.fetch(`${collection}?dryRun=All`, { method: 'DELETE' });
    expect(api.list()).toHaveLength(1);
  });

  it('remembers only the last requests', async () => {
    const api = createApi({ requestLog: 2 });
    for (const path of ['/a', '/b', '/c']) await api.fetch(path);
    expect(api.requests.map(({ path }) => path)).toEqual(['/b', '/c']);
  });

  it('revision moves with every stored change and with nothing else', async () => {
    const api = createApi();
    const before = api.revision;
    await api.fetch(`${statusPath}?fieldManager=x`, apply({ phase: 'Ready' }));
    expect(api.revision).toBe(before + 1);
    await api.fetch(`${statusPath}?fieldManager=x`, apply({ phase: 'Ready' }));
    await api.fetch(`${statusPath}?fieldManager=x&dryRun=All`, apply({ phase: 'Failed' }));
    await api.fetch(objectPath);
    expect(api.revision).toBe(before + 1);
  });

  it('serves the given versions only, and stores the first', async () => {
    const api = createApi({ versions: ['v1alpha1'] });
    expect(await statusOf(api, objectPath)).toBe(404);
    const old = await api.fetch(objectPath.replace('v1beta1', 'v1alpha1'));
    expect(old.headers.get('warning')).toBe(
      '299 - "toolhive.stacklok.dev/v1alpha1 is deprecated; use v1beta1"',
    );
    expect(api.get('ns', 'demo')?.apiVersion).toBe('toolhive.stacklok.dev/v1alpha1');
  });

  it('takes another schema', () => {
    const schema = {
      type: 'object',
      properties: {
        spec: { type: 'object' },
        status: { type: 'object', properties: { phase: { type: 'string' } } },
      },
    };
    const api = createApi({ schema });
    expect(() => api.applyStatus('ns', 'demo', { message: 'm' })).toThrow(
      '.status.message: field not declared in schema',
    );
    expect(api.applyStatus('ns', 'demo', { phase: 'anything' }).status).toEqual({ phase: 'anything' });
  });

  it('lies below a path prefix', async () => {
    const api = createApi({ pathPrefix: '/k8s/clusters/c1' });
    expect(api.server).toBe('https://kubernetes.test/k8s/clusters/c1');
    expect(await statusOf(api, `${api.server}${objectPath}`)).toBe(200);
    const outside = await api.fetch(`https://kubernetes.test${objectPath}`);
    expect([outside.status, await outside.text()]).toEqual([404, '404 page not found\n']);
  });
});

describe('identities', () => {
  const grant = { namespace: 'ns', verbs: ['get'], resources: ['virtualmcpservers'] };

  it('without tokens every request is the administrator’s, but not with a token that expired', async () => {
    const api = createApi();
    expect(await statusOf(api, objectPath)).toBe(200);
    expect(await statusOf(api, objectPath, bearer('whatever'))).toBe(200);
    const token = api.issueToken('gateway', [], { expiresInSeconds: 60 });
    expect(await statusOf(api, objectPath, bearer(token))).toBe(403);
    api.set(new Date(moment.getTime() + 60_000));
    expect(await statusOf(api, objectPath, bearer(token))).toBe(401);
  });

  it('with tokens: 200 by the rules, 403 without a rule or a token, 401 for an unknown one', async () => {
    const api = createApi({
      tokens: {
        good: { user: 'gateway' },
        member: { user: 'm', groups: ['team'] },
        root: { user: 'r', groups: ['system:masters'] },
      },
      rules: [{ ...grant, user: 'gateway' }],
    });
    expect(await statusOf(api, objectPath, bearer('good'))).toBe(200);
    expect(await statusOf(api, statusPath, bearer('good'))).toBe(403);
    expect(await statusOf(api, objectPath, bearer('member'))).toBe(403);
    expect(await statusOf(api, statusPath, bearer('root'))).toBe(200);
    expect(await statusOf(api, objectPath, bearer('unknown'))).toBe(401);
    expect(await statusOf(api, objectPath)).toBe(403);
    api.addRule({ ...grant, group: 'team' });
    expect(await statusOf(api, objectPath, bearer('member'))).toBe(200);
  });

  it('a given token expires, a revoked one is refused', async () => {
    const expiresAt = new Date(moment.getTime() + 1000);
    const api = createApi({
      tokens: {
        short: { user: 'r', groups: ['system:masters'], expiresAt },
        long: { user: 'r', groups: ['system:masters'] },
      },
    });
    expect(await statusOf(api, objectPath, bearer('short'))).toBe(200);
    api.set(expiresAt);
    expect(await statusOf(api, objectPath, bearer('short'))).toBe(401);
    api.revokeToken('long');
    expect(await statusOf(api, objectPath, bearer('long'))).toBe(401);
  });

  it('an issued token reads like a JWT', () => {
    const token = createApi().issueToken('gateway', [], { expiresInSeconds: 600 });
    const [header, payload] = token.split('.').map(part => Buffer.from(part, 'base64url').toString());
    expect(JSON.parse(header ?? '')).toMatchObject({ alg: 'RS256' });
    const seconds = Math.floor(moment.getTime() / 1000);
    expect(JSON.parse(payload ?? '')).toMatchObject({ sub: 'gateway', iat: seconds, exp: seconds + 600 });
  });

  it('a client certificate is what the front says it is', async () => {
    const api = createApi({
      tokens: {},
      rules: [{ ...grant, group: 'gateways' }],
      identify: request => {
        const user = request.headers.get('x-client');
        return user === null ? undefined : { user, groups: ['gateways'] };
      },
    });
    expect(await statusOf(api, objectPath, { headers: { 'x-client': 'g' } })).toBe(200);
    expect(api.requests.at(-1)?.user).toBe('g');
    expect(await statusOf(api, objectPath)).toBe(403);
  });
});

describe('direct access', () => {
  it('gives copies', () => {
    const api = createApi();
    const object = api.get('ns', 'demo');
    object!.metadata.name = 'changed';
    expect(api.get('ns', 'demo')?.metadata.name).toBe('demo');
    expect(api.get('ns', 'absent')).toBeUndefined();
  });

  it('update puts the object and its status, each through its own endpoint', () => {
    const api = createApi();
    const updated = api.update('ns', 'demo', object => {
      object.spec = { ...object.spec, replicas: 2 };
      object.status = { phase: 'Ready' };
    });
    expect(updated).toMatchObject({
      metadata: { generation: 2 },
      spec: { replicas: 2 },
      status: { phase: 'Ready' },
    });
    expect(updated.metadata.managedFields?.map(({ subresource }) => subresource)).toEqual([
      undefined,
      'status',
    ]);
  });

  it('update without a change writes nothing', () => {
    const api = createApi();
    const before = api.revision;
    api.update('ns', 'demo', () => {});
    expect(api.revision).toBe(before);
  });

  it('create, list and delete; what breaks the schema is refused', () => {
    const api = createApi();
    api.create({ namespace: 'other', name: 'x' });
    expect(api.list().map(({ metadata }) => metadata.name)).toEqual(['demo', 'x']);
    expect(api.list('other')).toHaveLength(1);
    api.delete('other', 'x');
    expect(api.get('other', 'x')).toBeUndefined();
    expect(() => api.delete('other', 'x')).toThrow('not found');
    expect(() => api.create({ namespace: 'ns', name: 'demo' })).toThrow('already exists');
    expect(() => api.create({ namespace: 'ns', name: 'bad', spec: {} })).toThrow(
      'spec.groupRef: Required value',
    );
    expect(() => createFakeApiServer({ objects: [{ namespace: 'ns', name: 'Bad' }] })).toThrow('RFC 1123');
  });
});
