/** What a report costs that says nothing new: requests, bytes, the API server's processor time, etcd revisions. */

import { startOurs } from './peers/contestants.ts';
import { startReference } from './peers/reference.ts';
import type { BenchChild } from './support/child.ts';
import { type BenchCluster, startBenchCluster } from './support/cluster.ts';
import { type Counted, startMeter } from './support/metered.ts';
import { benchOptions } from './support/options.ts';
import { answer } from './support/question.ts';
import { median } from './support/statistics.ts';
import type { Cell } from './support/table.ts';
import { atLeast, atMost, type Target } from './support/target.ts';

const { quick } = benchOptions();
const rounds = quick ? 2 : 5;
/** Reports a round: processor time is counted in ticks of 10 ms, and a report of ours costs a fraction of one. */
const sizes = [
  { backends: 1, ours: 1500, theirs: 300 },
  { backends: 50, ours: 1500, theirs: 100 },
  { backends: 1000, ours: 1500, theirs: 20 },
].map(size => (quick ? { ...size, ours: 600, theirs: Math.ceil(size.theirs / 4) } : size));

const rows: Cell[][] = [];
const targets: Target[] = [];
const cluster = await startBenchCluster();
const meter = await startMeter(cluster.destination);
const ours = startOurs();
const reference = await startReference();
try {
  for (const { backends, ours: ourReports, theirs } of sizes) {
    const [mine, yours] = [`ours-${backends}`, `reference-${backends}`];
    await cluster.create([mine, yours]);
    const costs = { ours: [] as number[], reference: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      costs.ours.push(await serverCost(cluster, ours, mine, backends, ourReports));
      costs.reference.push(await serverCost(cluster, reference, yours, backends, theirs));
    }
    const [our, their] = [await count(ours, mine, backends), await count(reference, yours, backends)];
    const [ourCost, theirCost] = [median(costs.ours), median(costs.reference)];
    rows.push(row('this package', backends, our, ourCost), row('Go reference', backends, their, theirCost));
    const at = `${backends} backend${backends === 1 ? '' : 's'}`;
    targets.push(
      atMost(`requests, ${at}`, our.requests, 1),
      atMost(`body received, ${at}`, our.receivedBodies / 1000, 1.5, 'kB'),
      atMost(`etcd revisions, ${at}`, our.revisions, 0),
    );
    if (backends === 50)
      targets.push(atLeast('API server CPU saved, 50 backends', theirCost / ourCost, 20, '×'));
    if (backends === 1000)
      targets.push(atLeast('API server CPU saved, 1,000 backends', theirCost / ourCost, 500, '×'));
  }
  await answer('unchanged', {
    tables: [
      {
        title: 'A report that says nothing new, on a real kube-apiserver, per report',
        headings: [
          '',
          'backends',
          'requests',
          'bytes sent',
          'bytes received',
          'API server CPU ms',
          'etcd revisions',
        ],
        rows,
        notes: [
          'Bytes include HTTP headers. The reference reads and replaces the whole object; where nothing changed the API',
          'server writes nothing to etcd either, after it has compared all of it.',
        ],
      },
    ],
    targets,
  });
} finally {
  await Promise.all([ours.stop(), reference.stop(), meter.stop()]);
  await cluster.close();
}

function row(who: string, backends: number, counted: Counted, cost: number): Cell[] {
  const { requests, sent, received, revisions } = counted;
  return [who, backends, requests, Math.round(sent), Math.round(received), cost, revisions];
}

async function serverCost(
  { destination, cost }: BenchCluster,
  child: BenchChild,
  name: string,
  backends: number,
  reports: number,
): Promise<number> {
  await child.call('prepare', { ...destination, names: [name], backends });
  await child.call('run', { reports: 5, concurrency: 1, changing: false });
  return cost(reports, () => child.call('run', { reports, concurrency: 1, changing: false }));
}

function count(child: BenchChild, name: string, backends: number): Promise<Counted> {
  return meter.count(cluster, child, { names: [name], backends }, { reports: 20, changing: false });
}
