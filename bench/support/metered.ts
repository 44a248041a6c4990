/** What a contestant's reports are, counted: traffic through the meter, revisions in etcd. */

import { join } from 'node:path';
import { type BenchChild, startBenchChild } from './child.ts';
import type { BenchCluster } from './cluster.ts';
import type { Destination, Task } from './contestant.ts';
import type { Traffic } from './meter.ts';

/** Per report. */
export interface Counted extends Traffic {
  /** Writes to etcd. */
  readonly revisions: number;
}

export interface Meter {
  /** Prepares the contestant anew, behind the meter, and counts some of its reports. */
  count(
    cluster: BenchCluster,
    child: BenchChild,
    task: Pick<Task, 'names' | 'backends' | 'strategy' | 'cached'>,
    load: { reports: number; changing: boolean },
  ): Promise<Counted>;
  stop(): Promise<void>;
}

export async function startMeter(target: Destination): Promise<Meter> {
  const process = startBenchChild(join(import.meta.dirname, 'meter.ts'), { core: 'server' });
  const destination = await process.call<Destination>('start', target);
  return {
    async count(cluster, child, task, load) {
      await child.call('prepare', { ...destination, ...task });
      await child.call('run', { reports: 2, concurrency: 1, changing: load.changing });
      await process.call('traffic');
      const before = await cluster.writes();
      await child.call('run', { ...load, concurrency: 1 });
      const traffic = await process.call<Traffic>('traffic');
      const revisions = (await cluster.writes()) - before;
      const perReport = Object.fromEntries(
        Object.entries(traffic).map(([name, value]) => [name, value / load.reports]),
      ) as unknown as Traffic;
      return { ...perReport, revisions: revisions / load.reports };
    },
    stop: () => process.stop(),
  };
}
