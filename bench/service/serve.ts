/** A contestant that is called over HTTP: the service of this package, or less. A process of its own. */

import { openSync, writeSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { K8sReporter, parseStatus, staticCredentials } from 'vmcp-status-reporter';
import {
  cohort,
  createApp,
  createDispatcher,
  createMemoryStore,
  createMetrics,
  createScheduler,
  jwt,
} from 'vmcp-status-reporter/http';
import { gathered } from '../../src/entry/cli/gathered.ts';
import { createLogger } from '../../src/entry/logger.ts';
import { answerCalls } from '../support/child.ts';
import type { Destination } from '../support/contestant.ts';
import { serveBare } from './bare.ts';
import { bunServe, type Fetch } from './bun.ts';
import { servePlainly } from './plain.ts';
import { createProxy } from './proxy.ts';

export interface ServeTask extends Destination {
  /** As `vmcp-status serve` has it, or without something of it: `cohort` is in all others. */
  readonly kind:
    | 'service'
    | 'service without log'
    | 'service without auth'
    | 'service without cohort'
    | 'parts'
    | 'bare'
    | 'proxy';
}

export interface Served {
  readonly url: string;
  readonly token: string;
}

const issuer = 'https://issuer.example';
const audience = 'vmcp-status-reporter';
const { publicKey, privateKey } = await generateKeyPair('RS256');
const keys = [{ ...(await exportJWK(publicKey)), alg: 'RS256', kid: 'bench' }];
let usedBefore = process.cpuUsage();

/** What the service is made of. */
function createParts({ server, ca, token }: Destination) {
  const credentials = staticCredentials({ server, token, tls: { ca } });
  const store = createMemoryStore();
  const metrics = createMetrics();
  const dispatcher = createDispatcher({
    store,
    observer: metrics,
    // What a process can, not what its API server shall bear.
    scheduler: createScheduler({ concurrency: 64, requestsPerSecond: 1e6 }),
    create: (target, _, settings) => new K8sReporter({ ...target, ...settings, credentials }),
  });
  const authenticate = jwt({ issuer, audience, jwks: { keys }, rules: [{ targets: ['*/*'] }] });
  return { store, metrics, dispatcher, authenticate };
}

function createService({ kind, ...destination }: ServeTask) {
  const { authenticate, ...parts } = createParts(destination);
  return createApp({
    ...parts,
    ...(kind !== 'service without auth' && { authenticate }),
    ...(kind !== 'service without log' && { logger: lines() }),
  });
}

/** What a report needs of the service, without the app: no Hono, no limits, no headers, no log. @returns the port */
function serveParts(destination: Destination): Promise<number> {
  const { dispatcher, authenticate } = createParts(destination);
  return servePlainly(async ({ namespace, name, body, headers }) => {
    const target = { namespace, name };
    const caller = await authenticate({ method: 'PUT', headers } as Request);
    if (!(await caller.may('report', target))) throw new Error('Expected a token that may report');
    const status = parseStatus(JSON.parse(body));
    const { result } = await dispatcher.submit({ target, status, observedAt: Date.now() }, caller);
    return JSON.stringify(await result);
  });
}

/** With the server that a runtime has for a Hono app. @returns the port */
async function listen(fetch: Fetch): Promise<number> {
  const serve = bunServe();
  if (serve) return serve(fetch);
  const server = createAdaptorServer({ fetch }) as Server;
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** As the command line logs: a line of JSON for each event, those of a turn at once, to a file. */
function lines() {
  const file = openSync('/dev/null', 'w');
  const { add } = gathered(text => writeSync(file, text));
  return createLogger({ env: {}, complainsToTerminal: false, log: add, now: Date.now });
}

async function serve(task: ServeTask): Promise<number> {
  if (task.kind === 'bare') return serveBare(task);
  if (task.kind === 'parts') return serveParts(task);
  const { fetch } = task.kind === 'proxy' ? createProxy(task) : createService(task);
  return listen(task.kind === 'service without cohort' ? fetch : cohort(fetch));
}

answerCalls({
  async start(task: ServeTask): Promise<Served> {
    const port = await serve(task);
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'RS256', kid: 'bench' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject('system:serviceaccount:bench:gateway')
      .setExpirationTime('2h')
      .sign(privateKey);
    return { url: `http://127.0.0.1:${port}`, token };
  },
  /** Milliseconds of processor time since the last call. */
  used(): number {
    const { user, system } = process.cpuUsage(usedBefore);
    usedBefore = process.cpuUsage();
    return (user + system) / 1000;
  },
});
