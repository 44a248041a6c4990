// A whole cluster for the tests: etcd and a real kube-apiserver, without controllers, kubelets or networks.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader, importPKCS8, type JWTHeaderParameters, SignJWT } from 'jose';
import { type CertificateAuthority, createCa } from '../support/certificates.ts';
import { freePort } from '../support/free-port.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { type Child, startChild } from './child.ts';
import { attachCluster, type ClusterClient, type ClusterConnection } from './cluster-client.ts';
import { waitFor } from './wait.ts';

export interface Cluster extends ClusterClient {
  /** What another process needs for `attachCluster`. */
  readonly connection: ClusterConnection;
  /** The same token with a lifetime of a few seconds: TokenRequest itself grants ten minutes at least. */
  shortLived(token: string, seconds: number): Promise<string>;
  /** Stops the API server, as an outage; etcd and its state stay. */
  stopApiserver(): Promise<void>;
  /** Starts it again on the same port; resolves when it is ready. */
  startApiserver(): Promise<void>;
  restart(): Promise<void>;
  /** Ends both servers and removes their files. */
  close(): Promise<void>;
}

export interface ClusterOptions {
  /** More flags for kube-apiserver. */
  apiserverArgs?: string[];
}

interface Ports {
  apiserver: number;
  etcd: number;
  etcdPeer: number;
}

/** Starts a cluster. A port that somebody else took in between costs another attempt, not the run. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const binaries = await findBinaries();
  for (let attempt = 1; ; attempt++) {
    const dir = await mkdtemp(join(tmpdir(), 'vmcp-e2e-'));
    try {
      return await start(binaries, dir, await freePorts(), options);
    } catch (error) {
      await rm(dir, { recursive: true, force: true });
      if (attempt === 3 || !String(error).includes('address already in use')) throw error;
    }
  }
}

async function start(
  binaries: Binaries,
  dir: string,
  ports: Ports,
  options: ClusterOptions,
): Promise<Cluster> {
  const adminToken = randomUUID();
  const [servingCa, clientCa] = [await createCa('e2e serving CA'), await createCa('e2e client CA')];
  const server = `https://127.0.0.1:${ports.apiserver}`;
  const etcdUrl = `http://127.0.0.1:${ports.etcd}`;
  const serviceAccountKey = await writeCredentials(dir, servingCa, clientCa.cert, adminToken);
  const apiserverFlags = [...kubeApiserverFlags(dir, ports, etcdUrl), ...(options.apiserverArgs ?? [])];

  const etcd = startChild(binaries.etcd, etcdFlags(dir, ports, etcdUrl), join(dir, 'etcd.log'), dir);
  const run = () => startChild(binaries.kubeApiserver, apiserverFlags, join(dir, 'kube-apiserver.log'), dir);
  let apiserver = run();
  const connection: ClusterConnection = {
    server,
    ca: servingCa.cert,
    adminToken,
    etcd: etcdUrl,
    get pid() {
      return apiserver.pid;
    },
    clientCa: { cert: clientCa.cert, key: clientCa.key },
  };
  const client = attachCluster(connection);

  async function stopApiserver(): Promise<void> {
    client.disconnect(); // else the next request would go out on a connection that is about to be reset
    await apiserver.stop();
  }
  async function startApiserver(): Promise<void> {
    apiserver = run();
    await ready(client, [apiserver, etcd]);
  }
  async function close(): Promise<void> {
    await stopApiserver();
    await etcd.stop();
    await rm(dir, { recursive: true, force: true });
  }

  try {
    await ready(client, [apiserver, etcd]);
  } catch (error) {
    await close();
    throw error;
  }
  return Object.assign(client, {
    connection,
    shortLived: (token: string, seconds: number) => shortLived(token, seconds, serviceAccountKey),
    stopApiserver,
    startApiserver,
    async restart() {
      await stopApiserver();
      await startApiserver();
    },
    close,
  });
}

/** Waits for /readyz, which includes the RBAC bootstrap roles; a server that ended meanwhile is reported with its log. */
async function ready(client: ClusterClient, children: Child[]): Promise<void> {
  let dead: Child | undefined;
  await waitFor(
    'kube-apiserver to be ready',
    async () => {
      dead = children.find(child => child.ended !== undefined);
      return dead !== undefined || (await client.request('GET', '/readyz')).status === 200;
    },
    { timeout: 150_000, interval: 100 },
  );
  if (dead !== undefined) throw new Error(`a server ended with ${dead.ended} while starting:\n${dead.log()}`);
}

async function writeCredentials(
  dir: string,
  servingCa: CertificateAuthority,
  clientCaCert: string,
  adminToken: string,
): Promise<string> {
  const serving = await servingCa.issue({
    commonName: 'kube-apiserver',
    dns: ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
    ips: ['127.0.0.1', '10.0.0.1'],
    usage: 'server',
  });
  const serviceAccounts = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const files = {
    'serving.crt': serving.cert,
    'serving.key': serving.key,
    'client-ca.crt': clientCaCert,
    'sa.key': serviceAccounts.privateKey,
    'sa.pub': serviceAccounts.publicKey,
    'tokens.csv': `${adminToken},admin,admin,"system:masters"\n`,
  };
  for (const [name, content] of Object.entries(files))
    await writeFile(join(dir, name), content, { mode: 0o600 });
  return serviceAccounts.privateKey;
}

/** Signs a ServiceAccount's token anew, as the API server would, with an earlier end. */
async function shortLived(token: string, seconds: number, key: string): Promise<string> {
  const header = decodeProtectedHeader(token) as JWTHeaderParameters;
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ ...decodeJwt(token), iat: now, nbf: now, exp: now + seconds })
    .setProtectedHeader(header)
    .sign(await importPKCS8(key, header.alg));
}

function etcdFlags(dir: string, ports: Ports, url: string): string[] {
  const peers = `http://127.0.0.1:${ports.etcdPeer}`;
  return [
    `--data-dir=${join(dir, 'etcd')}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=default=${peers}`,
    '--unsafe-no-fsync', // the data lives as long as the test run
    '--log-level=error',
  ];
}

function kubeApiserverFlags(dir: string, ports: Ports, etcdUrl: string): string[] {
  return [
    `--etcd-servers=${etcdUrl}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${ports.apiserver}`,
    `--tls-cert-file=${join(dir, 'serving.crt')}`,
    `--tls-private-key-file=${join(dir, 'serving.key')}`,
    `--client-ca-file=${join(dir, 'client-ca.crt')}`,
    `--token-auth-file=${join(dir, 'tokens.csv')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${join(dir, 'sa.pub')}`,
    `--service-account-signing-key-file=${join(dir, 'sa.key')}`,
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--disable-admission-plugins=ServiceAccount', // it waits for token controllers that do not run here
    '--endpoint-reconciler-type=none', // nobody looks for this server through the Service "kubernetes"
    '--allow-privileged=true',
    '--profiling=false',
  ];
}

async function freePorts(): Promise<Ports> {
  const ports = new Set<number>();
  while (ports.size < 3) ports.add(await freePort());
  const [apiserver = 0, etcd = 0, etcdPeer = 0] = ports;
  return { apiserver, etcd, etcdPeer };
}
