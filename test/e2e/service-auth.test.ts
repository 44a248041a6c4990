// A gateway outside the cluster, with nothing but the token of a ServiceAccount, reports through the service.
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { staticCredentials } from '../../src/credentials/static.ts';
import { listen } from '../../src/entry/listen-node.ts';
import { type Service, startService } from '../../src/entry/service.ts';
import type { AuthConfig } from '../../src/http/auth/authenticator.ts';
import { attachCluster } from './cluster-client.ts';
import { readOwnCrd, readRealCrd } from './crds.ts';
import type { Identity } from './identities.ts';
import { waitFor } from './wait.ts';

const cluster = attachCluster(inject('cluster'));
const { server, ca } = cluster;
const audience = 'vmcp-status-reporter';
const group = 'toolhive.stacklok.dev';
const rights = [
  { resources: ['virtualmcpservers'], verbs: ['get'] },
  { resources: ['virtualmcpservers/status'], verbs: ['patch'] },
];
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

interface Gateway {
  namespace: string;
  /** Of a ServiceAccount without any right. */
  powerless: Identity;
  /** Of one that may report in its namespace. */
  entitled: Identity;
}

let gateways: [Gateway, Gateway];
/** May write all statuses, and ask about tokens and rights. */
let reporter: Identity;
/** May write all statuses, and nothing else. */
let writer: Identity;

beforeAll(async () => {
  await cluster.installCrd(readRealCrd() ?? readOwnCrd());
  gateways = [await createGateway(), await createGateway()];
  const home = await cluster.createNamespace('service');
  [reporter, writer] = [await cluster.identity(home, []), await cluster.identity(home, [])];
  const everywhere = rights.map(rule => ({ apiGroups: [group], ...rule }));
  const name = `vmcp-status-${randomUUID()}`;
  await create('/apis/rbac.authorization.k8s.io/v1/clusterroles', { metadata: { name }, rules: everywhere });
  for (const one of [reporter, writer]) await bind(one, name);
  await bind(reporter, 'system:auth-delegator');
  await waitFor(
    'the service to have its rights',
    async () => (await canReview(reporter)) && (await canWrite(writer)),
  );
});
afterAll(() => cluster.disconnect());

describe('a gateway with only the token of a ServiceAccount reports through the service, and only where it may', () => {
  describe('jwt: the cluster is the issuer, its keys verify', () => {
    suite(
      () => ({ mode: 'jwt' }),
      () => writer,
      ({ namespace, powerless }) => tokenFor(namespace, powerless.name, [audience]),
    );
  });

  describe("jwt: tokens for the API server's own audience, where that is wanted", () => {
    suite(
      () => ({ mode: 'jwt', audience: 'https://kubernetes.default.svc' }),
      () => writer,
      async ({ powerless }) => powerless.token,
    );
  });

  describe('review: the RBAC of the cluster decides', () => {
    suite(
      () => ({ mode: 'review' }),
      () => reporter,
      async ({ entitled }) => entitled.token,
    );
  });

  describe('review: tokens that are for the service alone', () => {
    suite(
      () => ({ mode: 'review', audiences: [audience] }),
      () => reporter,
      ({ namespace, entitled }) => tokenFor(namespace, entitled.name, [audience]),
    );
  });

  describe("passthrough: the caller's own token goes to the API server; the service has none", () => {
    suite(
      () => ({ mode: 'passthrough' }),
      () => undefined,
      async ({ entitled }) => entitled.token,
    );
  });

  describe('token: the tokens that gateways have anyway, known to the service by their digests', () => {
    suite(
      () => ({ mode: 'token' }),
      () => writer,
      async ({ powerless }) => powerless.token,
      () =>
        gateways.map(({ namespace, powerless: { token } }) => ({
          name: namespace,
          sha256: createHash('sha256').update(token).digest('hex'),
          targets: [`${namespace}/*`],
        })),
    );
  });

  describe('token: shared secrets, which no cluster knows', () => {
    const secrets = new Map<string, string>();
    const secretOf = ({ namespace }: Gateway) => {
      const secret = secrets.get(namespace) ?? randomUUID();
      secrets.set(namespace, secret);
      return secret;
    };
    suite(
      () => ({ mode: 'token' }),
      () => writer,
      async gateway => secretOf(gateway),
      () =>
        gateways.map(one => ({ name: one.namespace, token: secretOf(one), targets: [`${one.namespace}/*`] })),
    );
  });
});

describe('a token that the service must not accept', () => {
  it.each<[string, AuthConfig, () => Promise<string>]>([
    ['is one for the API server, under jwt', { mode: 'jwt' }, async () => gateways[0].entitled.token],
    [
      'is one for somebody else, under review',
      { mode: 'review' },
      () => tokenFor(gateways[0].namespace, gateways[0].entitled.name, ['elsewhere']),
    ],
    [
      'is one for somebody else, under passthrough',
      { mode: 'passthrough' },
      () => tokenFor(gateways[0].namespace, gateways[0].entitled.name, ['elsewhere']),
    ],
    ['is nobody’s, under review', { mode: 'review' }, async () => 'nobody'],
    ['is nobody’s, under passthrough', { mode: 'passthrough' }, async () => 'nobody'],
  ])('%s', async (_, auth, token) => {
    const service = await start(auth, reporter);
    try {
      const { namespace } = gateways[0];
      expect(
        await call(service, 'PUT', namespace, await createResource(namespace), await token()),
      ).toMatchObject({
        status: 401,
        body: { code: 'unauthenticated' },
      });
    } finally {
      await service.stop();
    }
  });

  it('is that of a ServiceAccount without the right, under review and under passthrough', async () => {
    const { namespace, powerless } = gateways[0];
    const name = await createResource(namespace);
    for (const mode of ['review', 'passthrough'] as const) {
      const service = await start({ mode }, reporter);
      expect(await call(service, 'PUT', namespace, name, powerless.token)).toMatchObject({ status: 403 });
      await service.stop();
    }
    expect(await phaseOf(namespace, name)).not.toBe('Ready');
  });
});

/** Whatever the mode: one may report and read in one's own namespace, and do nothing in another. */
function suite(
  auth: () => AuthConfig,
  identity: () => Identity | undefined,
  tokenOf: (gateway: Gateway) => Promise<string>,
  tokens?: () => object[],
): void {
  let service: Service;
  let names: [string, string];
  beforeAll(async () => {
    service = await start(auth(), identity(), tokens);
    names = [await createResource(gateways[0].namespace), await createResource(gateways[1].namespace)];
  });
  afterAll(() => service?.stop());

  it('reports and reads in its own namespace', async () => {
    const { namespace } = gateways[0];
    const token = await tokenOf(gateways[0]);
    const answer = await call(service, 'PUT', namespace, names[0], token);
    expect(answer).toMatchObject({ status: 200, body: { outcome: 'applied' } });
    expect(await phaseOf(namespace, names[0])).toBe('Ready');
    expect(await call(service, 'GET', namespace, names[0], token)).toMatchObject({
      status: 200,
      body: { status: { phase: 'Ready' } },
    });
  });

  it('cannot report, nor read, in another one', async () => {
    const token = await tokenOf(gateways[0]);
    const { namespace } = gateways[1];
    for (const method of ['PUT', 'GET']) {
      expect(await call(service, method, namespace, names[1], token)).toMatchObject({
        status: 403,
        body: { code: 'forbidden' },
      });
    }
    expect(await phaseOf(namespace, names[1])).not.toBe('Ready');
  });

  it('sees nothing of the other one in the list', async () => {
    const [mine, other] = [await tokenOf(gateways[0]), await tokenOf(gateways[1])];
    await call(service, 'PUT', gateways[1].namespace, names[1], other);
    const answer = await fetch(`${service.url}/v1/virtualmcpservers`, {
      headers: { authorization: `Bearer ${mine}` },
    });
    const text = await answer.text();
    expect(answer.status).toBe(200);
    expect(text).toContain(gateways[0].namespace);
    expect(text).not.toContain(gateways[1].namespace);
  });

  it('is nobody without its token', async () => {
    const { namespace } = gateways[0];
    for (const token of ['', `${await tokenOf(gateways[0])}x`]) {
      expect(await call(service, 'PUT', namespace, names[0], token)).toMatchObject({ status: 401 });
    }
  });
}

/** The service as `vmcp-status serve` runs it, on a port of its own. */
function start(auth: AuthConfig, identity: Identity | undefined, tokens?: () => object[]): Promise<Service> {
  const credentials = staticCredentials({
    server,
    tls: { ca },
    ...(identity && { token: identity.token }),
  });
  return startService({
    cluster: { credentials, server, embedded: false, namespace: '', name: '', stop: async () => {} },
    address: { host: '127.0.0.1', port: 0 },
    auth,
    ...(tokens && { readTokens: async () => ({ text: JSON.stringify(tokens()), source: 'test' }) }),
    listen,
    logger: quiet,
  });
}

async function call(service: Service, method: string, namespace: string, name: string, token: string) {
  const answer = await fetch(`${service.url}/v1/namespaces/${namespace}/virtualmcpservers/${name}/status`, {
    method,
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    ...(method === 'PUT' && { body: '{"phase":"Ready"}' }),
  });
  return { status: answer.status, body: await answer.json() };
}

async function createGateway(): Promise<Gateway> {
  const namespace = await cluster.createNamespace('gateway');
  const [powerless, entitled] = [
    await cluster.identity(namespace, []),
    await cluster.identity(namespace, rights),
  ];
  return { namespace, powerless, entitled };
}

async function createResource(namespace: string): Promise<string> {
  const name = `gateway-${randomUUID().slice(0, 8)}`;
  await create(`/apis/${group}/v1beta1/namespaces/${namespace}/virtualmcpservers`, {
    apiVersion: `${group}/v1beta1`,
    kind: 'VirtualMCPServer',
    metadata: { name },
    spec: { groupRef: { name: 'default' }, incomingAuth: { type: 'anonymous' } },
  });
  return name;
}

async function phaseOf(namespace: string, name: string): Promise<string | undefined> {
  const path = `/apis/${group}/v1beta1/namespaces/${namespace}/virtualmcpservers/${name}`;
  return (await cluster.request('GET', path)).json.status?.phase;
}

async function tokenFor(namespace: string, name: string, audiences: string[]): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences } };
  return (await create(path, body)).status.token;
}

function bind({ namespace, name }: Identity, role: string): Promise<unknown> {
  return create('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    metadata: { name: `${name}-${randomUUID()}` },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', namespace, name }],
  });
}

// Bindings reach the authorizer a moment after they were made.
async function canReview({ token }: Identity): Promise<boolean> {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } };
  const path = '/apis/authentication.k8s.io/v1/tokenreviews';
  return (await cluster.request('POST', path, { token, body })).status === 201;
}

async function canWrite({ token }: Identity): Promise<boolean> {
  const path = `/apis/${group}/v1beta1/namespaces/${gateways[1].namespace}/virtualmcpservers/none`;
  return (await cluster.request('GET', path, { token })).status === 404;
}

async function create(path: string, body: object): Promise<any> {
  const answer = await cluster.request('POST', path, { body });
  if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`);
  return answer.json;
}
