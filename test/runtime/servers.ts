// The fake API server behind real sockets with private certificates, and a control channel through which a case, in
// whatever runtime, asks what they saw and tells them what to do next.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { getRequestListener } from '@hono/node-server';
import { createFakeApiServer } from '../../src/testing/index.ts';
import { createCa, type KeyPair } from '../support/certificates.ts';
import type { Context } from './harness.ts';

const namespace = 'gateways';
const firstToken = 'first-token-of-the-runtime-suite';

export interface Servers {
  /** What all cases share; `runtime` and `name` come from the launcher. */
  context: Omit<Context, 'runtime' | 'name'>;
  close(): Promise<void>;
}

interface Seen {
  /** Connections whose handshake was completed. */
  sockets: number;
  requests: number;
}

/** Starts all servers on loopback ports. */
export async function startServers(): Promise<Servers> {
  const [ca, foreignCa] = [await createCa('cluster CA'), await createCa('another CA')];
  const local = { dns: ['localhost'], ips: ['127.0.0.1'] };
  const certificate = await ca.issue({ commonName: 'kube-apiserver', ...local, usage: 'server' });
  const foreign = await foreignCa.issue({ commonName: 'kube-apiserver', ...local, usage: 'server' });
  const internal = await ca.issue({ commonName: 'kube-apiserver', dns: ['api.internal'], usage: 'server' });
  const client = await ca.issue({ commonName: 'gateway', usage: 'client' });
  const serviceAccount = await mkdtemp(join(tmpdir(), 'service-account-'));
  const cluster = createCluster(serviceAccount);
  await writeFile(join(serviceAccount, 'ca.crt'), ca.cert);
  await writeFile(join(serviceAccount, 'namespace'), namespace);
  await cluster.rotate(firstToken);

  const open: { server: Server; sockets: Set<Socket> }[] = [];
  const seen: Record<string, Seen> = {};
  async function listen(server: Server): Promise<string> {
    const sockets = new Set<Socket>();
    server.on('connection', socket => sockets.add(socket.on('close', () => sockets.delete(socket))));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    open.push({ server, sockets });
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  async function serve(name: string, options: KeyPair & ServerOptions): Promise<string> {
    const counts: Seen = { sockets: 0, requests: 0 };
    seen[name] = counts;
    const server = createHttpsServer(options, (request, response) => {
      counts.requests += 1;
      void cluster.listener(request, response);
    });
    server.on('secureConnection', () => {
      counts.sockets += 1;
    });
    return `https://${await listen(server)}`;
  }

  const proxy = createProxy();
  const control = createHttpServer((request, response) => {
    cluster
      .control(request, { ...seen, proxy: proxy.seen })
      .then(answer => response.end(JSON.stringify(answer)))
      .catch(error => response.writeHead(500).end(String(error)));
  });
  const { cert, key } = certificate;
  return {
    context: {
      control: `http://${await listen(control)}`,
      servers: {
        main: await serve('main', { cert, key }),
        clientCertificates: await serve('clientCertificates', {
          cert,
          key,
          ca: ca.cert,
          requestCert: true,
          rejectUnauthorized: true,
        }),
        otherCa: await serve('otherCa', foreign),
        otherName: await serve('otherName', internal),
      },
      proxy: `http://${await listen(proxy.server)}`,
      ca: ca.cert,
      client,
      token: firstToken,
      namespace,
      serviceAccount,
      exec: execCredential(firstToken),
    },
    async close() {
      for (const { server, sockets } of open) {
        server.close();
        for (const socket of sockets) socket.destroy();
      }
      await rm(serviceAccount, { recursive: true, force: true });
    },
  };
}

function createCluster(serviceAccount: string) {
  const fake = createFakeApiServer();
  const delays = new Map<string, number>();
  const tokens = new Set([firstToken]);
  const listener = getRequestListener(async request => {
    const [, delay] = [...delays].find(([name]) => request.url.includes(name)) ?? [];
    if (delay !== undefined) await new Promise(resolve => setTimeout(resolve, delay));
    return fake.fetch(request);
  });
  return {
    listener: ((request: IncomingMessage, response) => {
      // The API server takes the user from the certificate; the fake knows tokens alone.
      if ((request.socket as TLSSocket).authorized) request.headers.authorization = `Bearer ${firstToken}`;
      return listener(request, response);
    }) satisfies RequestListener,
    async rotate(token: string) {
      tokens.add(token);
      await writeFile(join(serviceAccount, 'token'), `${token}\n`);
    },
    async control(_request: IncomingMessage, seen: Record<string, Seen>): Promise<unknown> {
      return seen;
    },
  };
}

/** A forward proxy as RFC 9110 section 9.3.6 describes CONNECT. */
function createProxy() {
  const seen: Seen = { sockets: 0, requests: 0 };
  const server = createHttpServer((_, response) => response.writeHead(405).end());
  server.on('connect', (request, socket, head) => {
    seen.requests += 1;
    const { hostname, port } = new URL(`http://${request.url}`);
    const upstream = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  return { server, seen };
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
