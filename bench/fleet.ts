/** What a fleet costs the process that reports on it: `npm run bench -- fleet`. */

import type { FleetCost, FleetTask } from './fleet/reporters.ts';
import { pinning, startBenchChild } from './support/child.ts';
import type { Destination } from './support/contestant.ts';
import { benchOptions } from './support/options.ts';
import { answer } from './support/question.ts';
import { atMost } from './support/target.ts';

const { quick } = benchOptions();
const sizes = quick ? [100, 1000] : [100, 1000, 10_000];
// A quick run sends as many reports a second from a tenth of the resources.
const interval = quick ? 3_000 : 30_000;
const window = quick ? 9_000 : 60_000;
const backends = 5;
const changing = 0.01;

async function cost(resources: number): Promise<FleetCost> {
  const server = startBenchChild('bench/fleet/api-server.ts', { core: 'server' });
  const reporters = startBenchChild('bench/fleet/reporters.ts', {
    core: 'client',
    nodeArgs: ['--expose-gc'],
  });
  try {
    const destination = await server.call<Destination>('start', resources);
    const task: FleetTask = { ...destination, resources, backends, interval, changing, window };
    return await reporters.call<FleetCost>('measure', task);
  } finally {
    await Promise.all([reporters.stop(), server.stop()]);
  }
}

function failed({ failures }: FleetCost): number {
  return Object.values(failures).reduce((sum, count) => sum + count, 0);
}

const costs: { readonly resources: number; readonly cost: FleetCost }[] = [];
for (const resources of sizes) costs.push({ resources, cost: await cost(resources) });
const largest = costs.at(-1)!;
const tenth = costs.at(-2)!;

await answer('fleet', {
  tables: [
    {
      title: `A fleet of resources of ${backends} backends in one process, a report every ${interval / 1000} s, ${changing * 100} % of them with news`,
      headings: [
        'resources',
        'requests/s',
        'CPU, % of a core',
        'CPU ms a request',
        'kB of heap a resource',
        'RSS, MB',
        'event loop late by, ms: p50',
        'p99',
        'max',
        's until all have reported first',
        'failed',
      ],
      rows: costs.map(({ resources, cost }) => [
        resources,
        cost.requestsPerSecond,
        100 * cost.cpu,
        (1000 * cost.cpu) / cost.requestsPerSecond,
        cost.bytesPerResource / 1000,
        cost.rss / 1e6,
        cost.lateness.p50,
        cost.lateness.p99,
        cost.lateness.max,
        cost.begun / 1000,
        failed(cost),
      ]),
      notes: [
        `Over ${window / 1000} s, one and a half intervals after the last first report; all reports were begun at once. Heartbeats are due every 300 s, as by default, evenly spread. The API server is the fake one of this package, behind TLS, in a process of its own. ${pinning}`,
      ],
    },
  ],
  targets: [
    atMost(`CPU of ${largest.resources} resources, of one core`, 100 * largest.cost.cpu, 15, '%'),
    atMost(`heap a resource of ${largest.resources}`, largest.cost.bytesPerResource / 1000, 8, 'kB'),
    atMost('event loop late, p99', largest.cost.lateness.p99, 20, 'ms'),
    // Each ten times as many may cost at most a tenth more than ten times as much.
    atMost(
      `CPU of ${largest.resources} against ten times ${tenth.resources}`,
      largest.cost.cpu / tenth.cost.cpu / 10,
      1.1,
      '×',
    ),
    atMost('reports that failed', failed(largest.cost), 0),
  ],
});
