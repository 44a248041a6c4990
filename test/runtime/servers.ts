// The fake API server behind real sockets with private certificates, and a control channel through which a case, in
// whatever runtime, asks what they saw and tells them what to do next.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { createFakeApiServer, type FakeApiServer } from '../../src/testing/index.ts';
import { createCa, type IssueOptions, type KeyPair } from '../support/certificates.ts';
import type { Context } from './harness.ts';

const namespace = 'gateways';
const client = 'gateway';

export interface Servers {
  /** What all cases share; `runtime` and `name` come from the launcher. */
  context: Omit<Context, 'runtime' | 'name'>;
  api: FakeApiServer;
  /** A kubeconfig file for the main server, with the CA and the token inside. */
  kubeconfig: string;
  close(): Promise<void>;
}

interface Seen {
  /** Connections whose handshake was completed. */
  sockets: number;
  requests: number;
}

/** Starts all servers on loopback ports. */
export async function startServers(): Promise<Servers> {
  const certificates = await issueCertificates();
  const { ca } = certificates;
  const folder = await mkdtemp(join(tmpdir(), 'runtime-suite-'));
  const api = createFakeApiServer({ tokens: {} });
  const token = api.issueToken(client, ['system:masters']);
  await api.fetch('/api/v1/namespaces', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }),
  });
  const delays = new Map<string, number>();
  const sockets = new Set<Socket>();
  const servers: Server[] = [];
  const seen: Record<string, Seen> = {};

  async function listen(name: string, server: Server): Promise<string> {
    seen[name] = { sockets: 0, requests: 0 };
    server.on('connection', socket => sockets.add(socket.on('close', () => sockets.delete(socket))));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function serve(name: string, options: KeyPair & ServerOptions): Promise<string> {
    const handle = getRequestListener(async (request, env) => {
      const [, delay] = [...delays].find(([part]) => request.url.includes(`/${part}/`)) ?? [];
      if (delay !== undefined) await sleep(delay, undefined, { ref: false });
      // The API server takes the user from the certificate; the fake knows tokens alone.
      const { authorized } = (env as HttpBindings).incoming.socket as TLSSocket;
      if (!authorized) return api.fetch(request);
      const headers = new Headers(request.headers);
      headers.set('authorization', `Bearer ${token}`);
      return api.fetch(new Request(request, { headers }));
    });
    // Connections outlive every pause of a busy machine.
    const server = createHttpsServer({ ...options, keepAliveTimeout: 120_000 }, (request, response) => {
      (seen[name] as Seen).requests += 1;
      void handle(request, response);
    });
    server.on('secureConnection', () => {
      (seen[name] as Seen).sockets += 1;
    });
    return `https://${await listen(name, server)}`;
  }

  const tokenFiles = new Map<string, string>();
  const commands: Record<string, (body: { name: string } & Record<string, unknown>) => unknown> = {
    '/seen': () => seen,
    '/resource': ({ name }) => api.create({ namespace, name, status: { url: 'http://gateway.example' } }),
    '/status': ({ name }) => api.get(namespace, name)?.status,
    '/delay': ({ name, milliseconds }) =>
      milliseconds ? delays.set(name, milliseconds as number) : delays.delete(name),
    // A new token takes the place of the one before, which is refused from then on.
    '/rotate': async ({ name }) => {
      const path = join(folder, `${name}.token`);
      const [before, fresh] = [tokenFiles.get(name), api.issueToken(client, ['system:masters'])];
      await writeFile(path, `${fresh}\n`);
      if (before !== undefined) api.revokeToken(before);
      tokenFiles.set(name, fresh);
      return { path, token: fresh };
    },
    '/file': async ({ name, text }) => {
      const path = join(folder, name);
      await writeFile(path, text as string);
      return { path };
    },
  };
  const control = createHttpServer((request, response) => {
    readBody(request)
      .then(body => commands[request.url as string]?.(body))
      .then(answer => response.end(JSON.stringify(answer ?? null)))
      .catch(error => response.writeHead(500).end(String(error)));
  });

  const proxy = createProxy(() => {
    (seen['proxy'] as Seen).requests += 1;
  });
  const { trusted, foreign, internal } = certificates;
  const context: Servers['context'] = {
    control: `http://${await listen('control', control)}`,
    servers: {
      main: await serve('main', trusted),
      clientCertificates: await serve('clientCertificates', {
        ...trusted,
        ca: ca.cert,
        requestCert: true,
        rejectUnauthorized: true,
      }),
      otherCa: await serve('otherCa', foreign),
      otherName: await serve('otherName', internal),
    },
    proxy: `http://${await listen('proxy', proxy)}`,
    ca: ca.cert,
    client: certificates.client,
    token,
    namespace,
    exec: execCredential(token),
  };
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, JSON.stringify(kubeconfigOf(context.servers.main, ca.cert, { token })));
  return {
    context,
    api,
    kubeconfig,
    async close() {
      for (const server of servers) server.close();
      for (const socket of sockets) socket.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function issueCertificates() {
  const [ca, foreignCa] = [await createCa('cluster CA'), await createCa('another CA')];
  const local: IssueOptions = {
    commonName: 'kube-apiserver',
    dns: ['localhost'],
    ips: ['127.0.0.1'],
    usage: 'server',
  };
  return {
    ca,
    trusted: await ca.issue(local),
    foreign: await foreignCa.issue(local),
    internal: await ca.issue({ commonName: 'kube-apiserver', dns: ['api.internal'], usage: 'server' }),
    client: await ca.issue({ commonName: client, usage: 'client' }),
  };
}

/** A forward proxy that knows CONNECT alone (RFC 9110, section 9.3.6). */
function createProxy(told: () => void): Server {
  const server = createHttpServer((_, response) => response.writeHead(405).end());
  return server.on('connect', (request, socket, head) => {
    told();
    const { hostname, port } = new URL(`http://${request.url}`);
    const upstream = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
}

function execCredential(token: string): Context['exec'] {
  const credential = {
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status: { token },
  };
  return {
    command: process.execPath,
    args: ['-e', `console.log(${JSON.stringify(JSON.stringify(credential))})`],
  };
}

function kubeconfigOf(server: string, ca: string, user: object): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    clusters: [
      { name: 'test', cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
    ],
    users: [{ name: 'test', user }],
  };
}

async function readBody(request: IncomingMessage): Promise<{ name: string } & Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text);
}
