// The fake as a target of the contract suite: the same requests that a cluster gets, in process.
import { createFakeApiServer, type FakeApiServerOptions } from '../../src/testing/index.ts';
import { fromFetch } from '../../src/transport/from-fetch.ts';
import type { ReporterTarget } from '../contract/reporter/subject.ts';
import type { Target } from '../contract/target.ts';

const administrator = 'administrator-token';

export function createFakeTarget(options: FakeApiServerOptions = {}): ReporterTarget {
  const api = createFakeApiServer({
    tokens: { [administrator]: { user: 'admin', groups: ['system:masters'] } },
    ...options,
  });
  let counter = 0;

  const request: Target['request'] = async (method, path, { token = administrator, headers, body } = {}) => {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const response = await api.fetch(`${api.server}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
        ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(text === undefined ? {} : { body: text }),
    });
    const answer = await response.text();
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      text: answer,
      json: parsed(answer),
    };
  };

  async function create(path: string, body: object): Promise<any> {
    const answer = await request('POST', path, { body });
    if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  }

  return {
    name: 'fake',
    server: api.server,
    adminToken: administrator,
    transport: fromFetch((url, init) => api.fetch(url, init)),
    request,
    async namespace() {
      const name = `contract-${++counter}`;
      await create('/api/v1/namespaces', { metadata: { name } });
      return name;
    },
    async identity(namespace, rules, { expirationSeconds = 3600 } = {}) {
      const name = `identity-${++counter}`;
      await create(`/api/v1/namespaces/${namespace}/serviceaccounts`, { metadata: { name } });
      const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
      const withGroups = rules.map(rule => ({ apiGroups: ['toolhive.stacklok.dev'], ...rule }));
      await create(`${rbac}/roles`, { metadata: { name }, rules: withGroups });
      await create(`${rbac}/rolebindings`, {
        metadata: { name },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
        subjects: [{ kind: 'ServiceAccount', name, namespace }],
      });
      const issued = await create(`/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`, {
        spec: { expirationSeconds },
      });
      return { name, token: issued.status.token };
    },
    etcdRevision: async () => api.revision,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
