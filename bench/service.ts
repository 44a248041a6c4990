/** What the way through the service costs: `npm run bench -- service`. */

import { contest, type Entrant, headings } from './service/contest.ts';
import { pinning, startBenchChild } from './support/child.ts';
import { startBenchCluster } from './support/cluster.ts';
import type { Destination } from './support/contestant.ts';
import { benchOptions } from './support/options.ts';
import { answer } from './support/question.ts';
import { atLeast } from './support/target.ts';

const { quick } = benchOptions();
const rounds = quick ? 2 : 15;
/** Of each size: engines go on compiling for some ten thousand reports, and a service runs for longer. */
const warmup = quick ? 1 : 6;
const concurrency = 32;

const entrants: readonly Entrant[] = [
  { kind: 'service', runtime: 'node', label: 'the service: JWT, validation, metrics, access log' },
  { kind: 'service without log', runtime: 'node', label: 'the service without its access log' },
  { kind: 'service without auth', runtime: 'node', label: 'the service without JWT' },
  { kind: 'service without cohort', runtime: 'node', label: 'the service, requests as they come' },
  { kind: 'parts', runtime: 'node', label: 'its parts behind node:http: JWT, validation, metrics' },
  { kind: 'bare', runtime: 'node', label: 'the library behind node:http, and nothing else' },
  { kind: 'proxy', runtime: 'node', label: 'a bare Hono proxy' },
  { kind: 'service', runtime: 'bun', label: 'the service: JWT, validation, metrics, access log' },
  { kind: 'service without cohort', runtime: 'bun', label: 'the service, requests as they come' },
  { kind: 'parts', runtime: 'bun', label: 'its parts behind Bun.serve: JWT, validation, metrics' },
  { kind: 'bare', runtime: 'bun', label: 'the library behind Bun.serve, and nothing else' },
  { kind: 'proxy', runtime: 'bun', label: 'a bare Hono proxy' },
];

/** An API server that does next to nothing: what is measured is the way there. */
async function onRawServer() {
  const server = startBenchChild('bench/support/raw-server.ts', { core: 'server' });
  try {
    const destination = await server.call<Destination>('destination');
    const names = Array.from({ length: concurrency }, (_, index) => `gateway-${index}`);
    const reports = quick ? { 1: 1_000, 50: 500 } : { 1: 2_000, 50: 1_000 };
    const resources = async () => names;
    return await contest({ destination, entrants, concurrency, reports, resources, rounds, warmup });
  } finally {
    await server.stop();
  }
}

/** What a user sees: the API server sets the pace. */
async function onRealServer() {
  const cluster = await startBenchCluster();
  try {
    return await contest({
      destination: cluster.destination,
      entrants: entrants.filter(({ kind }) => kind === 'service'),
      concurrency,
      reports: quick ? { 1: 100, 50: 40 } : { 1: 400, 50: 120 },
      async resources(contestant) {
        const names = Array.from({ length: concurrency }, (_, index) => `${contestant}-${index}`);
        await cluster.create(names);
        return names;
      },
      rounds: quick ? 2 : 7,
      warmup: quick ? 1 : 3,
    });
  } finally {
    await cluster.close();
  }
}

const raw = await onRawServer();
const real = await onRealServer();

await answer('service', {
  tables: [
    {
      title: `Changed reports, ${concurrency} at once, each on a resource of its own`,
      headings,
      rows: raw.rows,
      notes: [
        `Medians of ${rounds} rounds by turns. Every report is a PUT to the service and one PATCH from there to a raw HTTPS server; of the library alone, only the PATCH. CPU is that of the process which reports. The callers share a core with the API server. On Bun the app runs under Bun.serve, on Node under node:http. All but one row of each take the requests of one turn of the event loop together. ${pinning}`,
      ],
    },
    {
      title: `The same on a real kube-apiserver`,
      headings,
      rows: real.rows,
      notes: ['The API server and etcd have the core of the callers, and are the limit.'],
    },
  ],
  targets: [
    ...raw.ratios.map(({ runtime, backends, perSecond }) =>
      atLeast(
        `the service with JWT against the library alone, on ${runtime}, ${backends} backends`,
        perSecond,
        0.6,
        '×',
      ),
    ),
    ...real.ratios.map(({ runtime, backends, perSecond }) =>
      atLeast(`the same on a real kube-apiserver, on ${runtime}, ${backends} backends`, perSecond, 0.6, '×'),
    ),
  ],
});
