/** The fake API server with a fleet of resources, behind TLS with a private CA; a process of its own. */

import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createFakeApiServer } from 'vmcp-status-reporter/testing';
import { createCa } from '../../test/support/certificates.ts';
import { answerCalls } from '../support/child.ts';
import type { Destination } from '../support/contestant.ts';

const namespace = 'fleet';
const ca = await createCa('fleet CA');

answerCalls({
  /** Starts it with that many resources: `gateway-0`, `gateway-1` and so on. */
  async start(resources: number): Promise<Destination> {
    const objects = Array.from({ length: resources }, (_, index) => ({
      namespace,
      name: `gateway-${index}`,
    }));
    const api = createFakeApiServer({ tokens: {}, requestLog: 0, objects });
    const token = api.issueToken('system:serviceaccount:fleet:reporter', ['system:masters']);
    const pair = await ca.issue({ commonName: 'fleet', ips: ['127.0.0.1'], usage: 'server' });
    const server = createServer({ ...pair, keepAliveTimeout: 90_000 }, getRequestListener(api.app.fetch));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return { server: `https://127.0.0.1:${port}`, ca: ca.cert, token, namespace };
  },
});
