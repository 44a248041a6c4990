/**
 * An HTTPS server that answers as an API server would, as cheaply as can be, so that the client is what is measured: TLS
 * sockets and a parser of a few lines. A process of its own; its calls are below.
 */

import { createServer } from 'node:tls';
import { createCa } from '../../test/support/certificates.ts';
import { answerCalls } from './child.ts';
import { tableAnswer } from './table-answer.ts';

/** What came in since the last `counts`. */
export interface Counts {
  connections: number;
  requests: number;
  /** Bytes of request bodies. */
  sent: number;
  /** Bytes of response bodies. */
  received: number;
}

interface Pending {
  readonly head: string;
  readonly body: Buffer[];
  missing: number;
}

let counts: Counts = { connections: 0, requests: 0, sent: 0, received: 0 };
let resourceVersion = 100_000;
/** JSON of every object, by its path. */
const objects = new Map<string, string>();

function respond({ head, body }: Pending): string {
  const [method = '', url = ''] = head.slice(0, head.indexOf('\r\n')).split(' ');
  const query = url.indexOf('?');
  const path = (query < 0 ? url : url.slice(0, query)).replace(/\/status$/, '');
  counts.requests++;
  if (method !== 'GET') {
    const text = Buffer.concat(body).toString();
    counts.sent += body.reduce((sum, part) => sum + part.length, 0);
    resourceVersion++;
    objects.set(path, stored(text));
  }
  const content = /^accept: .*as=Table/im.test(head) ? tableAnswer(resourceVersion) : object(path);
  counts.received += Buffer.byteLength(content);
  return answer(content);
}

/** The document of an apply or a PUT is the object, but for what the API server adds. */
function stored(text: string): string {
  const moved = text.replace(/"resourceVersion":"\d*"/, `"resourceVersion":"${resourceVersion}"`);
  return moved.includes('"uid"')
    ? moved
    : moved.replace('"metadata":{', '"metadata":{"uid":"5b7e","generation":1,');
}

/** What the Go reference asks for before its first report: which resources there are. */
const discovery = JSON.stringify({
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: 'toolhive.stacklok.dev/v1beta1',
  resources: ['virtualmcpservers', 'virtualmcpservers/status'].map(name => ({
    name,
    singularName: name === 'virtualmcpservers' ? 'virtualmcpserver' : '',
    namespaced: true,
    kind: 'VirtualMCPServer',
    verbs: ['get', 'patch', 'update'],
  })),
});

function object(path: string): string {
  if (path === '/apis/toolhive.stacklok.dev/v1beta1') return discovery;
  const known = objects.get(path);
  if (known !== undefined) return known;
  const [namespace, , name] = path.split('/').slice(-3);
  return JSON.stringify({
    apiVersion: 'toolhive.stacklok.dev/v1beta1',
    kind: 'VirtualMCPServer',
    metadata: { name, namespace, uid: '5b7e', generation: 1, resourceVersion: String(resourceVersion) },
    spec: { groupRef: { name: 'group' } },
  });
}

function answer(content: string): string {
  return `HTTP/1.1 200 OK\r\nAudit-Id: 6f2e8a0c-63fb-4a39-93a6-3dd1ab0bd0a2\r\nCache-Control: no-cache, private\r\nContent-Type: application/json\r\nX-Kubernetes-Pf-Flowschema-Uid: 0e9a8a1d-2b6f-4c52-a6ae-3a3b4a0fd2c7\r\nX-Kubernetes-Pf-Prioritylevel-Uid: 1f6c7f86-9b0c-4f6e-8d1c-6f3f0f9a1b2e\r\nDate: Fri, 02 Jan 2026 03:04:05 GMT\r\nContent-Length: ${Buffer.byteLength(content)}\r\n\r\n${content}`;
}

const ca = await createCa('raw server');
const { cert, key } = await ca.issue({ commonName: 'raw', ips: ['127.0.0.1'], usage: 'server' });
const server = createServer({ cert, key, ALPNProtocols: ['http/1.1'] }, socket => {
  counts.connections++;
  let pending: Pending | undefined;
  let rest: Buffer | undefined;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    let data = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    rest = undefined;
    while (data.length > 0) {
      if (pending === undefined) {
        const end = data.indexOf('\r\n\r\n');
        if (end < 0) {
          rest = data;
          return;
        }
        const head = data.toString('latin1', 0, end);
        const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
        pending = { head, body: [], missing: length };
        data = data.subarray(end + 4);
      }
      const part = data.subarray(0, pending.missing);
      data = data.subarray(part.length);
      pending.missing -= part.length;
      if (part.length > 0) pending.body.push(part);
      if (pending.missing > 0) return;
      socket.write(respond(pending));
      pending = undefined;
    }
  });
});
await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
const port = typeof address === 'object' && address !== null ? address.port : 0;

answerCalls({
  destination: () => ({
    server: `https://127.0.0.1:${port}`,
    ca: ca.cert,
    token: `header.${'a'.repeat(900)}.signature`,
    namespace: 'bench',
  }),
  counts() {
    const taken = counts;
    counts = { connections: 0, requests: 0, sent: 0, received: 0 };
    return taken;
  },
});
