/**
 * Stands before an API server and counts what goes through: an HTTPS server with a CA of its own that passes everything on.
 * For counting only, never while something is timed. A process of its own; its calls are below.
 */

import { Agent, createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createCa } from '../../test/support/certificates.ts';
import { answerCalls } from './child.ts';
import type { Destination } from './contestant.ts';

/** What went through since the last `traffic`. Bodies as they are on the wire, compressed or not. */
export interface Traffic {
  connections: number;
  requests: number;
  /** Bytes of request lines, headers and bodies. */
  sent: number;
  sentBodies: number;
  /** Bytes of headers and bodies. */
  received: number;
  receivedBodies: number;
}

const nothing: Traffic = {
  connections: 0,
  requests: 0,
  sent: 0,
  sentBodies: 0,
  received: 0,
  receivedBodies: 0,
};
let traffic = { ...nothing };

async function start(target: Destination): Promise<Destination> {
  const agent = new Agent({ keepAlive: true, ca: target.ca });
  const ca = await createCa('meter CA');
  const { cert, key } = await ca.issue({ commonName: 'meter', ips: ['127.0.0.1'], usage: 'server' });
  const { hostname, port } = new URL(target.server);
  const server = createServer({ cert, key, keepAliveTimeout: 90_000 }, (incoming, outgoing) => {
    const { method = '', url = '', headers, rawHeaders } = incoming;
    traffic.requests++;
    traffic.sent += `${method} ${url} HTTP/1.1\r\n\r\n`.length + headerBytes(rawHeaders);
    incoming.on('data', (chunk: Buffer) => {
      traffic.sent += chunk.length;
      traffic.sentBodies += chunk.length;
    });
    const call = request({ agent, hostname, port, method, path: url, headers }, answer => {
      traffic.received += 'HTTP/1.1 200 OK\r\n\r\n'.length + headerBytes(answer.rawHeaders);
      answer.on('data', (chunk: Buffer) => {
        traffic.received += chunk.length;
        traffic.receivedBodies += chunk.length;
      });
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    call.once('error', error => outgoing.destroy(error));
    incoming.pipe(call);
  });
  server.on('secureConnection', () => {
    traffic.connections++;
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    ...target,
    server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ca: ca.cert,
  };
}

function headerBytes(rawHeaders: readonly string[]): number {
  return rawHeaders.reduce((sum, text) => sum + text.length + 2, 0);
}

answerCalls({
  start,
  traffic() {
    const taken = traffic;
    traffic = { ...nothing };
    return taken;
  },
});
