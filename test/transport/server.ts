// A raw HTTPS server with a private CA, and a forward proxy, for the tests of the transports.
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { type CertificateAuthority, createCa, type KeyPair } from '../support/certificates.ts';

export interface TestServer extends AsyncDisposable {
  url: string;
  port: number;
  ca: CertificateAuthority;
  /** Every connection that was ever made. */
  sockets: Socket[];
  /** Every request, in order. */
  requests: {
    method: string;
    url: string;
    headers: IncomingMessage['headers'];
    body: string;
    socket: Socket;
  }[];
}

export interface TestServerOptions {
  /** Names on the certificate. Default: `localhost` and 127.0.0.1. */
  names?: { dns: string[]; ips: string[] };
  ca?: CertificateAuthority;
  certificate?: KeyPair;
  tls?: ServerOptions;
}

/** Answers 200 and `ok` unless `handle` does something else. */
export async function startServer(
  handle?: RequestListener,
  options: TestServerOptions = {},
): Promise<TestServer> {
  const ca = options.ca ?? (await createCa());
  const names = options.names ?? { dns: ['localhost'], ips: ['127.0.0.1'] };
  const pair = options.certificate ?? (await ca.issue({ commonName: 'server', ...names, usage: 'server' }));
  const sockets: Socket[] = [];
  const requests: TestServer['requests'] = [];
  const server = createServer({ ...pair, keepAliveTimeout: 30_000, ...options.tls }, (request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', chunk => {
      body += chunk;
    });
    request.on('end', () => {
      const { method = '', url = '', headers, socket } = request;
      requests.push({ method, url, headers, body, socket });
      if (handle) handle(request, response);
      else response.end('ok');
    });
  });
  server.on('secureConnection', socket => sockets.push(socket));
  const port = await listen(server);
  return {
    url: `https://localhost:${port}`,
    port,
    ca,
    sockets,
    requests,
    [Symbol.asyncDispose]: () => stop(server),
  };
}

export interface TestProxy extends AsyncDisposable {
  url: string;
  /** `host:port` of every CONNECT. */
  tunnels: string[];
  /** `proxy-authorization` of every CONNECT. */
  authorizations: (string | undefined)[];
}

/** A forward proxy that does nothing but CONNECT. */
export async function startProxy(): Promise<TestProxy> {
  const tunnels: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const open = new Set<Socket>();
  const server = createHttpServer((_request, response) => response.writeHead(501).end());
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    const target = request.url ?? '';
    tunnels.push(target);
    authorizations.push(request.headers['proxy-authorization']);
    const [host, port] = [
      target.slice(0, target.lastIndexOf(':')),
      Number(target.slice(target.lastIndexOf(':') + 1)),
    ];
    const upstream = connect(port, host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
  });
  const port = await listen(server);
  const stopAll = async () => {
    for (const socket of open) socket.destroy();
    await stop(server);
  };
  return { url: `http://127.0.0.1:${port}`, tunnels, authorizations, [Symbol.asyncDispose]: stopAll };
}

export function listen(server: Server): Promise<number> {
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function stop(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
