/** What it costs that one backend of many changes, by each strategy. From this the default strategy was chosen. */

import { startOurs } from './peers/contestants.ts';
import { startReference } from './peers/reference.ts';
import { startBenchCluster } from './support/cluster.ts';
import { startMeter } from './support/metered.ts';
import { benchOptions } from './support/options.ts';
import { answer } from './support/question.ts';
import { median } from './support/statistics.ts';
import type { Cell } from './support/table.ts';
import { atMost, type Target } from './support/target.ts';

const { quick } = benchOptions();
const rounds = quick ? 2 : 7;
const sizes = [
  { backends: 1, reports: 200 },
  { backends: 50, reports: 40 },
  { backends: 1000, reports: 6 },
].map(size => (quick ? { ...size, reports: Math.ceil(size.reports / 3) } : size));
const strategies = ['apply', 'patch', 'update'] as const;

const cluster = await startBenchCluster();
const meter = await startMeter(cluster.destination);
const ours = startOurs();
const reference = await startReference();
const rows: Cell[][] = [];
const targets: Target[] = [];
try {
  for (const { backends, reports } of sizes) {
    const contestants = [
      ...strategies.map(strategy => ({ who: strategy as string, child: ours, strategy })),
      { who: 'Go reference', child: reference, strategy: undefined },
    ].map(contestant => ({
      ...contestant,
      task: {
        names: [`${contestant.who.toLowerCase().replace(' ', '-')}-${backends}`],
        backends,
        ...(contestant.strategy && { strategy: contestant.strategy }),
      },
      server: [] as number[],
      client: [] as number[],
      latency: [] as number[],
    }));
    for (const { task } of contestants) await cluster.create(task.names);
    for (let round = -1; round < rounds; round++) {
      for (const { child, task, server, client, latency } of contestants) {
        await child.call('prepare', { ...cluster.destination, ...task });
        const run = () =>
          child.call<{ cpu: number; p50: number }>('run', { reports, concurrency: 1, changing: true });
        await run();
        let figures = { cpu: Number.NaN, p50: Number.NaN };
        const cost = await cluster.cost(reports, async () => {
          figures = await run();
        });
        if (round < 0) continue;
        server.push(cost);
        client.push(figures.cpu);
        latency.push(figures.p50);
      }
    }
    for (const { who, child, task, server, client, latency } of contestants) {
      const counted = await meter.count(cluster, child, task, { reports: 4, changing: true });
      rows.push([
        who,
        backends,
        counted.requests,
        Math.round(counted.sentBodies),
        Math.round(counted.receivedBodies),
        median(server),
        median(client),
        median(latency),
        counted.revisions,
      ]);
      if (who === 'patch' && backends === 1000)
        targets.push(atMost('patch, one of 1,000 backends: body sent', counted.sentBodies / 1000, 2, 'kB'));
    }
  }
  await answer('one-of-many', {
    tables: [
      {
        title: 'One backend changes, on a real kube-apiserver, per report',
        headings: [
          'strategy',
          'backends',
          'requests',
          'body bytes sent',
          'body bytes received',
          'API server CPU ms',
          'client CPU ms',
          'latency ms (p50)',
          'etcd revisions',
        ],
        rows,
      },
    ],
    targets,
  });
} finally {
  await Promise.all([ours.stop(), reference.stop(), meter.stop()]);
  await cluster.close();
}
