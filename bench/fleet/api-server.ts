// The fake API server with a fleet of resources, behind TLS with a private CA; a process of its own. Its first line says
// where it is and who may talk to it.
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createFakeApiServer } from 'vmcp-status-reporter/testing';
import { createCa } from '../../test/support/certificates.ts';

const resources = Number(process.argv[2]);
const api = createFakeApiServer({
  tokens: {},
  requestLog: 0,
  objects: Array.from({ length: resources }, (_, index) => ({
    namespace: 'fleet',
    name: `gateway-${index}`,
  })),
});
const token = api.issueToken('system:serviceaccount:fleet:reporter', ['system:masters']);
const ca = await createCa();
const { cert, key } = await ca.issue({ commonName: 'kube-apiserver', ips: ['127.0.0.1'], usage: 'server' });
const server = createServer({ cert, key }, getRequestListener(api.app.fetch));
server.keepAliveTimeout = 90_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ server: `https://127.0.0.1:${port}`, ca: ca.cert, token }));
});
