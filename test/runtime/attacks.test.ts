// The attacks over sockets, on the servers of every runtime.
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { describe } from 'vitest';
import { listeningService, type RuntimeName } from '../entry/service.ts';
import { type Attacked, attackSuite, type Surroundings } from '../http/attacks-suite.ts';
import { sendRaw } from '../http/attacks-wire.ts';
import { createCa } from '../support/certificates.ts';
import { installPackage } from '../support/installed-package.ts';
import { serviceObjects, startWorker } from '../support/workerd.ts';

describe.each(['node', 'bun', 'deno'] as const)('vmcp-status serve on %s', runtime => {
  attackSuite(surroundings => startServer(runtime, surroundings), { wire: true });
});

describe('the Worker on workerd', () => {
  attackSuite(startOnWorkerd, { wire: true });
});

async function startServer(runtime: RuntimeName, surroundings: Surroundings): Promise<Attacked> {
  const { issuer, audience } = surroundings.plan;
  const cluster = await startCluster(surroundings);
  const service = await listeningService({
    runtime,
    args: [
      ...['--port', '0', '--auth', 'jwt', '--audience', audience],
      ...['--issuer', issuer, '--jwks', `${cluster.url}/keys`],
    ],
    env: { VMCP_KUBERNETES_SERVER: cluster.url, VMCP_KUBERNETES_TOKEN: surroundings.serviceToken },
  });
  return {
    send: request => sendRaw(service.url, request),
    log: () => service.output() + service.errors(),
    async close() {
      await service[Symbol.asyncDispose]();
      await cluster.close();
    },
  };
}

/** The Worker as it is deployed, with its Durable Objects. */
const worker = `
export { default, StatusDelivery, StatusIndex } from 'vmcp-status-reporter/workers';
`;

async function startOnWorkerd(surroundings: Surroundings): Promise<Attacked> {
  const { issuer, audience } = surroundings.plan;
  const [cluster, installed] = [await startCluster(surroundings), await installPackage()];
  await writeFile(join(installed.folder, 'attacked.js'), worker);
  const running = await startWorker({
    folder: installed.folder,
    entry: 'attacked.js',
    trusted: (await createCa()).cert,
    bindings: {
      VMCP_STATUS_AUTH: 'jwt',
      VMCP_STATUS_ISSUER: issuer,
      VMCP_STATUS_AUDIENCE: audience,
      VMCP_STATUS_JWKS: `${cluster.url}/keys`,
      VMCP_KUBERNETES_SERVER: cluster.url,
      VMCP_KUBERNETES_TOKEN: surroundings.serviceToken,
    },
    objects: serviceObjects(join(installed.folder, 'objects')),
  });
  return {
    send: request => sendRaw(running.url, request),
    log: running.log,
    async close() {
      await running.stop();
      await cluster.close();
      await installed.remove();
    },
  };
}

/** The fake API server and the issuer's keys, on one port. */
async function startCluster({ plan, api }: Surroundings): Promise<{ url: string; close(): Promise<void> }> {
  const handle = getRequestListener(request =>
    new URL(request.url).pathname === '/keys' ? Response.json(plan.jwks) : api.app.fetch(request),
  );
  const server: Server = createServer((request, response) => void handle(request, response));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
