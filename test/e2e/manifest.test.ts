// What `vmcp-status manifest` prints, applied by kubectl to a real cluster and then used.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { staticCredentials } from '../../src/credentials/static.ts';
import type { Manifest } from '../../src/entry/cli/manifest/options.ts';
import { review } from '../../src/http/auth/review.ts';
import { serviceAccountJwt } from '../../src/http/auth/service-account.ts';
import { K8sReporter } from '../../src/reporter/kubernetes.ts';
import { cli } from '../entry/cli/support.ts';
import { bareEnvironment } from '../support/child-process.ts';
import { findKubectl } from './binaries.ts';
import { attachCluster } from './cluster-client.ts';
import { readOwnCrd, readRealCrd } from './crds.ts';
import { waitFor } from './wait.ts';

const run = promisify(execFile);
const cluster = attachCluster(inject('cluster'));
const group = 'toolhive.stacklok.dev';
let folder: string;
let kubectl: string;

beforeAll(async () => {
  await cluster.installCrd(readRealCrd() ?? readOwnCrd());
  folder = await mkdtemp(join(tmpdir(), 'vmcp-manifest-'));
  kubectl = await findKubectl();
  const admin = {
    clusters: [
      {
        name: 'c',
        cluster: {
          server: cluster.server,
          'certificate-authority-data': Buffer.from(cluster.ca).toString('base64'),
        },
      },
    ],
    users: [{ name: 'u', user: { token: cluster.adminToken } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  await writeFile(join(folder, 'config'), JSON.stringify(admin), { mode: 0o600 });
});

afterAll(async () => {
  cluster.disconnect();
  await rm(folder, { recursive: true, force: true });
});

async function send(
  method: string,
  path: string,
  body?: object,
  headers?: Record<string, string>,
): Promise<any> {
  const answer = await cluster.request(method, path, { ...(body && { body }), ...(headers && { headers }) });
  if (answer.status > 299) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.json;
}

/** A namespace that takes only restricted pods, with a VirtualMCPServer. */
async function namespaceWith(name: string): Promise<string> {
  const namespace = await cluster.createNamespace('manifest');
  await send(
    'PATCH',
    `/api/v1/namespaces/${namespace}`,
    { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } },
    { 'content-type': 'application/merge-patch+json' },
  );
  await send('POST', objects(namespace), {
    apiVersion: `${group}/v1beta1`,
    kind: 'VirtualMCPServer',
    metadata: { name },
    spec: { groupRef: { name: 'default' }, incomingAuth: { type: 'anonymous' } },
  });
  return namespace;
}

const objects = (namespace: string) => `/apis/${group}/v1beta1/namespaces/${namespace}/virtualmcpservers`;

/** Prints a manifest and applies it. */
async function applied(name: string, namespace: string, ...options: string[]) {
  const { code, out, err } = await cli(['manifest', name, '-n', namespace, ...options]);
  expect([code, err]).toStrictEqual([0, '']);
  const path = join(folder, 'manifest.yaml');
  await writeFile(path, out);
  const env = { ...bareEnvironment(folder), KUBECONFIG: join(folder, 'config') };
  const { stderr } = await run(kubectl, ['apply', '-f', path], { env });
  // Here the API server warns of pods that break the restricted profile, and of deprecated fields.
  expect(stderr).toBe('');
  const documents = parseAllDocuments(out).map(document => document.toJS() as Manifest);
  const one = (kind: string): any => documents.find(document => document.kind === kind);
  return { documents, one, account: one('ServiceAccount').metadata.name as string };
}

async function tokenOf(namespace: string, account: string, audiences?: string[]): Promise<string> {
  const { status } = await send('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`, {
    spec: { expirationSeconds: 3600, ...(audiences && { audiences }) },
  });
  return status.token;
}

const credentialsOf = (token: string) =>
  staticCredentials({ server: cluster.server, tls: { ca: cluster.ca }, token });

function reporterOf(namespace: string, name: string, token: string): K8sReporter {
  const reporter = new K8sReporter({
    namespace,
    name,
    credentials: credentialsOf(token),
    totalTimeout: 60_000,
    shutdownTimeout: 1,
  });
  onTestFinished(() => reporter[Symbol.asyncDispose]().catch(() => {}));
  return reporter;
}

interface Right {
  verb: string;
  resource?: string;
  subresource?: string;
  name?: string;
  group?: string;
}

/** Whether RBAC lets the account do it; in no namespace, where it is about the whole cluster. */
async function may(namespace: string, account: string, right: Right, home = namespace): Promise<boolean> {
  const user = `system:serviceaccount:${home}:${account}`;
  const { status } = await send('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    spec: {
      user,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${home}`, 'system:authenticated'],
      resourceAttributes: { namespace, group, resource: 'virtualmcpservers', ...right },
    },
  });
  return status.allowed === true;
}

/** What the printed Role grants, one by one. */
const rightsOf = (role: any): Right[] =>
  role.rules.flatMap((rule: any) =>
    rule.resources.flatMap((entry: string) =>
      rule.verbs.map((verb: string) => {
        const [resource, subresource] = entry.split('/');
        return { verb, resource, name: rule.resourceNames[0], ...(subresource && { subresource }) };
      }),
    ),
  );

/** Takes one verb out of the Role in the cluster, and waits until the authorizer knows. */
async function without(namespace: string, account: string, role: any, right: Right): Promise<void> {
  const entry = [right.resource, right.subresource].filter(Boolean).join('/');
  const rules = role.rules.map((rule: any) =>
    rule.resources.includes(entry)
      ? { ...rule, verbs: rule.verbs.filter((verb: string) => verb !== right.verb) }
      : rule,
  );
  await send(
    'PATCH',
    `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles/${role.metadata.name}`,
    // RBAC takes no rule without a verb.
    { rules: rules.filter((rule: any) => rule.verbs.length > 0) },
    { 'content-type': 'application/merge-patch+json' },
  );
  await waitFor(`${right.verb} to be gone`, async () => !(await may(namespace, account, right)));
}

const report = { phase: 'Ready', message: 'all is well' } as const;

/**
 * Everything that the service needs of the cluster: report, report again, and notice and repair what somebody else wrote.
 *
 * @returns what did not work
 */
async function reporting(namespace: string, name: string, token: string): Promise<string[]> {
  const failures: string[] = [];
  const path = `${objects(namespace)}/${name}/status`;
  const reporter = reporterOf(namespace, name, token);
  const attempt = async (what: string, work: () => Promise<boolean>) => {
    if (!(await work().catch(() => false))) failures.push(what);
  };
  const phase = async () => (await send('GET', path)).status?.phase;
  await attempt('report', async () => {
    await reporter.reportStatus(report);
    return (await phase()) === 'Ready';
  });
  await attempt('notice that nothing changed', async () => {
    return (await reporter.reportStatus(report)).outcome === 'unchanged';
  });
  await attempt('repair what somebody else wrote', async () => {
    const type = { 'content-type': 'application/merge-patch+json' };
    await send('PATCH', `${path}?fieldManager=somebody`, { status: { phase: 'Failed' } }, type);
    await reporter.reportStatus(report);
    return (await phase()) === 'Ready';
  });
  return failures;
}

describe('the rights in the manifest', () => {
  async function deployed() {
    const namespace = await namespaceWith('demo');
    const { one, account } = await applied('demo', namespace);
    const role = one('Role');
    for (const right of rightsOf(role)) {
      await waitFor(`${right.verb} to be granted`, () => may(namespace, account, right));
    }
    return { namespace, account, role, token: await tokenOf(namespace, account) };
  }

  it('are enough', async () => {
    const { namespace, token } = await deployed();
    expect(await reporting(namespace, 'demo', token)).toStrictEqual([]);
  });

  it('are two', async () => {
    const { role } = await deployed();
    expect(rightsOf(role)).toStrictEqual([
      { verb: 'get', resource: 'virtualmcpservers', name: 'demo' },
      { verb: 'patch', resource: 'virtualmcpservers', subresource: 'status', name: 'demo' },
    ]);
  });

  it.each([
    [{ verb: 'get', resource: 'virtualmcpservers', name: 'demo' }, ['repair what somebody else wrote']],
    [
      { verb: 'patch', resource: 'virtualmcpservers', subresource: 'status', name: 'demo' },
      ['report', 'notice that nothing changed', 'repair what somebody else wrote'],
    ],
  ])('do not suffice without %j', async (right, expected) => {
    const { namespace, account, role, token } = await deployed();
    await without(namespace, account, role, right);
    expect(await reporting(namespace, 'demo', token)).toStrictEqual(expected);
  });

  it('allow nothing else', async () => {
    const { namespace, account } = await deployed();
    const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
    const granted: Right[] = [];
    for (const verb of verbs) {
      for (const name of ['demo', 'other']) {
        for (const subresource of [undefined, 'status']) {
          const right = { verb, name, ...(subresource && { subresource }) };
          if (await may(namespace, account, right)) granted.push(right);
        }
      }
      for (const resource of ['secrets', 'serviceaccounts', 'pods']) {
        if (await may(namespace, account, { verb, resource, group: '' })) granted.push({ verb, resource });
      }
    }
    expect(granted).toStrictEqual([
      { verb: 'get', name: 'demo' },
      { verb: 'patch', name: 'demo', subresource: 'status' },
    ]);
  });
});

describe('the ways to know callers', () => {
  const asking = (token: string) =>
    new Request('https://status.test/v1', { headers: { authorization: `Bearer ${token}` } });

  it('jwt: its account may read who issues tokens, and with which keys', async () => {
    const namespace = await namespaceWith('demo');
    const { account } = await applied('demo', namespace, '--auth', 'jwt');
    const authenticate = serviceAccountJwt({ credentials: credentialsOf(await tokenOf(namespace, account)) });
    const gateway = await cluster.identity(namespace, []);
    const caller = await authenticate(
      asking(await tokenOf(namespace, gateway.name, ['vmcp-status-reporter'])),
    );
    expect(await caller.may('report', { namespace, name: 'demo' })).toBe(true);
    expect(await caller.may('report', { namespace: 'default', name: 'demo' })).toBe(false);
  });

  /** The rights that come with the ClusterRoleBinding. */
  const reviews = [
    { group: 'authentication.k8s.io', resource: 'tokenreviews', verb: 'create' },
    { group: 'authorization.k8s.io', resource: 'subjectaccessreviews', verb: 'create' },
  ];

  /** The service as the manifest makes it, and whether it lets a gateway report that may. */
  async function reviewing() {
    const namespace = await namespaceWith('demo');
    const { one, account } = await applied('demo', namespace, '--auth', 'review');
    const rule = { verbs: ['patch'], resources: ['virtualmcpservers/status'] };
    const gateway = await cluster.identity(namespace, [rule]);
    const token = await tokenOf(namespace, account);
    // Afresh each time: answers are kept for a while.
    const ask = async () => {
      const caller = await review({ credentials: credentialsOf(token) })(asking(gateway.token));
      return caller.may('report', { namespace, name: 'demo' });
    };
    await waitFor('the ClusterRoleBinding', ask);
    return { namespace, account, binding: one('ClusterRoleBinding'), ask };
  }

  it('review: its account may ask the cluster who somebody is and what it may do, and nothing else of that kind', async () => {
    const { namespace, account } = await reviewing();
    const asked = [
      ...reviews,
      { group: 'authentication.k8s.io', resource: 'tokenrequests', verb: 'create' },
      { group: '', resource: 'serviceaccounts', subresource: 'token', verb: 'create' },
      { group: '', resource: 'serviceaccounts', verb: 'impersonate' },
      { group: '', resource: 'secrets', verb: 'get' },
      { group, resource: 'virtualmcpservers', verb: 'get' },
      { group, resource: 'virtualmcpservers', subresource: 'status', verb: 'patch' },
    ];
    const granted: object[] = [];
    for (const right of asked) if (await may('', account, right, namespace)) granted.push(right);
    expect(granted).toStrictEqual(reviews);
  });

  it.each(reviews)('review: does not work without $verb $resource', async missing => {
    const { namespace, account, binding, ask } = await reviewing();
    const rbac = '/apis/rbac.authorization.k8s.io/v1';
    const name = `less-${namespace}`;
    const rules = reviews
      .filter(right => right !== missing)
      .map(({ group, resource, verb }) => ({ apiGroups: [group], resources: [resource], verbs: [verb] }));
    await send('POST', `${rbac}/clusterroles`, { metadata: { name }, rules });
    await send('DELETE', `${rbac}/clusterrolebindings/${encodeURIComponent(binding.metadata.name)}`);
    await send('POST', `${rbac}/clusterrolebindings`, {
      metadata: { name },
      roleRef: { ...binding.roleRef, name },
      subjects: binding.subjects,
    });
    const has = (right: Right) => may('', account, right, namespace);
    await waitFor('it to have one right less', async () => {
      const [less, other] = [missing, reviews.find(right => right !== missing)!];
      return !(await has(less)) && (await has(other));
    });
    await waitFor('the service to notice', () =>
      ask().then(
        () => false,
        () => true,
      ),
    );
    await expect(ask()).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringContaining('system:auth-delegator'),
    });
  });

  it('passthrough: its account has no right at all, and its pod no token', async () => {
    const namespace = await namespaceWith('demo');
    const { documents, one, account } = await applied('demo', namespace, '--auth', 'passthrough');
    const { metadata, spec } = one('Deployment').spec.template;
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name: 'pod' }, spec };
    const made = await send('POST', `/api/v1/namespaces/${namespace}/pods`, pod);
    expect(JSON.stringify(made.spec.volumes)).not.toMatch(/serviceAccountToken|secret/);
    expect(documents.map(({ kind }) => kind)).toStrictEqual(['ServiceAccount', 'Deployment', 'Service']);
    const token = await tokenOf(namespace, account);
    expect(await reporting(namespace, 'demo', token)).toHaveLength(3);
  });
});

describe('the workload in the manifest', () => {
  it.each([
    ['the published package', []],
    [
      'an image, secrets',
      ['--auth', 'token', '--image', 'registry.example.com/vmcp-status:1', '--port', '9000'],
    ],
  ])('is taken by a namespace that takes only restricted pods: %s', async (_, options) => {
    const namespace = await namespaceWith('demo');
    const { one } = await applied('demo', namespace, ...options);
    const { metadata, spec } = one('Deployment').spec.template;
    // No controller runs here that would make the pod.
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name: 'pod' }, spec };
    expect(await send('POST', `/api/v1/namespaces/${namespace}/pods`, pod)).toMatchObject({ kind: 'Pod' });
    const loose = { ...spec, securityContext: { ...spec.securityContext, runAsNonRoot: false } };
    const refused = { ...pod, metadata: { name: 'loose' }, spec: loose };
    await expect(send('POST', `/api/v1/namespaces/${namespace}/pods`, refused)).rejects.toThrow(
      /403.*restricted/s,
    );
    expect(one('Service').spec.selector).toStrictEqual(one('Deployment').spec.selector.matchLabels);
    expect(metadata.labels).toMatchObject(one('Service').spec.selector);
  });

  it.each(['a', '0-digit', 'with.dots.in.it', 'x'.repeat(63), `${'long-name.'.repeat(25)}end`])(
    'has names that the API server takes for %s',
    async name => {
      const namespace = await namespaceWith(name);
      const { documents, account } = await applied(name, namespace);
      expect(documents).toHaveLength(5);
      const right = { verb: 'patch', name, subresource: 'status' };
      await waitFor('the right', () => may(namespace, account, right));
    },
  );
});
