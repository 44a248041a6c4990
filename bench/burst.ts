/** 1,000 reports of one resource at once: how many writes that makes, and when the last state is in the cluster. */

import { startOurs } from './peers/contestants.ts';
import { startReference } from './peers/reference.ts';
import { startBenchCluster } from './support/cluster.ts';
import { benchOptions } from './support/options.ts';
import { answer } from './support/question.ts';
import { median } from './support/statistics.ts';
import { atMost } from './support/target.ts';

const { quick } = benchOptions();
const rounds = quick ? 2 : 7;
const count = 1000;
/** The reference sends each of them: measured with fewer, and scaled. */
const referenceCount = quick ? 50 : 200;
const backends = 50;

interface Burst {
  milliseconds: number;
  outcomes: Record<string, number>;
}

const cluster = await startBenchCluster();
const ours = startOurs();
const reference = await startReference();
try {
  await cluster.create(['ours', 'reference']);
  await ours.call('prepare', { ...cluster.destination, names: ['ours'], backends });
  await reference.call('prepare', { ...cluster.destination, names: ['reference'], backends });
  const bursts: (Burst & { writes: number })[] = [];
  const oneByOne: { milliseconds: number; writes: number }[] = [];
  for (let round = -1; round < rounds; round++) {
    const before = await cluster.writes();
    const burst = await ours.call<Burst>('burst', count);
    const between = await cluster.writes();
    const { perSecond } = await reference.call<{ perSecond: number }>('run', {
      reports: referenceCount,
      concurrency: 1,
      changing: true,
    });
    if (round < 0) continue;
    bursts.push({ ...burst, writes: between - before });
    oneByOne.push({
      milliseconds: (referenceCount * 1000) / perSecond,
      writes: (await cluster.writes()) - between,
    });
  }
  const writes = Math.max(...bursts.map(burst => burst.writes));
  const scale = count / referenceCount;
  await answer('burst', {
    tables: [
      {
        title: `${count.toLocaleString('en-US')} reports of one resource with ${backends} backends, on a real kube-apiserver`,
        headings: ['', 'writes', 'ms until the last state is in the cluster'],
        rows: [
          ['this package, all at once', writes, median(bursts.map(burst => burst.milliseconds))],
          [
            `Go reference, one after the other (${referenceCount} measured)`,
            median(oneByOne.map(series => series.writes)) * scale,
            median(oneByOne.map(series => series.milliseconds)) * scale,
          ],
        ],
        notes: [
          `Of ours: ${Object.entries(bursts[0]!.outcomes)
            .map(([outcome, times]) => `${times} ${outcome}`)
            .join(', ')}.`,
        ],
      },
    ],
    targets: [atMost('writes for 1,000 reports at once', writes, 2)],
  });
} finally {
  await Promise.all([ours.stop(), reference.stop()]);
  await cluster.close();
}
