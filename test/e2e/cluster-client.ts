// What a test does with a running cluster, also from another process than the one that started it.
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { type CertificateAuthority, type KeyPair, loadCa } from '../support/certificates.ts';
import { type Crd, deleteCrd, installCrd, upgradeCrd } from './crd-installation.ts';
import { createIdentities, type Identity, type Rule } from './identities.ts';
import { createRestClient, type RestOptions, type RestResponse } from './rest-client.ts';

/** Plain data, so that vitest can hand it from the global setup to the test files. */
export interface ClusterConnection {
  /** `https://127.0.0.1:<port>` */
  server: string;
  /** PEM of the CA that signed the serving certificate. */
  ca: string;
  /** Bearer token of a member of system:masters. */
  adminToken: string;
  /** etcd's client URL, plain HTTP. */
  etcd: string;
  /** Process id of kube-apiserver. */
  pid: number;
  /** The CA whose client certificates the API server accepts. */
  clientCa: KeyPair;
}

export interface ClusterClient extends Omit<ClusterConnection, 'clientCa'> {
  /** As administrator unless `token` says otherwise; `application/json` unless `headers` do. */
  request(method: string, path: string, options?: RestOptions): Promise<RestResponse>;
  /** A new namespace with a unique name. Nothing deletes it: that would need a controller. */
  createNamespace(prefix?: string): Promise<string>;
  /** See `crd-installation.ts`; resolves when the definition is served, and only in the versions it says. */
  installCrd(yamlOrObject: string | Crd): Promise<void>;
  upgradeCrd(yamlOrObject: string | Crd, until: () => Promise<boolean>): Promise<void>;
  deleteCrd(name: string): Promise<void>;
  /** A ServiceAccount with these rights in its namespace (resolves when they are effective) and a TokenRequest token. */
  identity(namespace: string, rules: Rule[], options?: { expirationSeconds?: number }): Promise<Identity>;
  /** Makes the token invalid; resolves when the API server answers 401, up to 10 s later. */
  revoke(identity: Identity): Promise<void>;
  /** The same name and rights with a new token, also after `revoke`. */
  renew(identity: Identity): Promise<Identity>;
  /** A certificate for this user; nothing grants the user any right, unless a group does. */
  clientCertificate(user: string, groups: string[]): Promise<KeyPair>;
  /**
   * The revision of the newest write to a custom resource of our group (deletions leave no trace). Not the revision of the
   * whole store, which the API server's own leases move all the time.
   */
  etcdRevision(): Promise<number>;
  /** Processor time that kube-apiserver has used, in seconds. Linux only. */
  cpuSeconds(): number;
  /** Closes this client's connections. */
  disconnect(): void;
}

let counter = 0;

export function attachCluster(connection: ClusterConnection): ClusterClient {
  const { server, ca, adminToken, etcd } = connection;
  const rest = createRestClient({ server, ca, token: adminToken });
  const identities = createIdentities(rest, server, ca);
  let clientCa: Promise<CertificateAuthority> | undefined;

  return {
    server,
    ca,
    adminToken,
    etcd,
    get pid() {
      return connection.pid; // changes when the server is restarted
    },
    request: rest.request,
    async createNamespace(prefix = 'e2e') {
      const name = `${prefix}-${++counter}-${Math.random().toString(36).slice(2, 8)}`;
      const answer = await rest.request('POST', '/api/v1/namespaces', { body: { metadata: { name } } });
      if (answer.status !== 201) throw new Error(`namespace ${name}: ${answer.status} ${answer.text}`);
      return name;
    },
    installCrd: crd => installCrd(rest, crd),
    upgradeCrd: (crd, until) => upgradeCrd(rest, crd, until),
    deleteCrd: name => deleteCrd(rest, name),
    identity: identities.create,
    revoke: identities.revoke,
    renew: identities.renew,
    async clientCertificate(user, groups) {
      clientCa ??= loadCa(connection.clientCa);
      return (await clientCa).issue({ commonName: user, organizations: groups, usage: 'client' });
    },
    etcdRevision: () => newestRevision(etcd, '/registry/toolhive.stacklok.dev/'),
    cpuSeconds: () => processorSeconds(connection.pid),
    disconnect: rest.close,
  };
}

/** The highest mod_revision under a prefix, asked through etcd's JSON gateway. */
async function newestRevision(etcd: string, prefix: string): Promise<number> {
  const query = {
    key: Buffer.from(prefix).toString('base64'),
    range_end: Buffer.from(`${prefix.slice(0, -1)}0`).toString('base64'), // "0" is the character after "/"
    sort_target: 'MOD',
    sort_order: 'DESCEND',
    limit: 1,
    keys_only: true,
  };
  const answer = JSON.parse(await post(`${etcd}/v3/kv/range`, JSON.stringify(query)));
  return Number(answer.kvs?.[0]?.mod_revision ?? 0);
}

function post(url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = httpRequest(url, { method: 'POST' }, answer => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      answer.once('end', () =>
        answer.statusCode === 200 ? resolve(text) : reject(new Error(`${url}: ${text}`)),
      );
      answer.once('error', reject);
    });
    call.once('error', reject);
    call.end(body);
  });
}

/** Fields 14 and 15 of /proc/<pid>/stat, in ticks of 1/100 s (USER_HZ is 100 on every Linux that Node runs on). */
function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
