/** Load for a bench: lanes that each report one after the other, and what that took. */

import { percentile } from './statistics.ts';

export interface Load {
  /** Reports in all. */
  readonly reports: number;
  /** Lanes: reports that are under way at once, each on a resource of its own. */
  readonly concurrency: number;
}

/** What a round of reports cost its process. */
export type LoadFigures = 'perSecond' | 'p50' | 'p99' | 'cpu';

/**
 * @param send brings the lane's next report to its end
 * @returns reports per second; milliseconds of the median and the 99th percentile, from the call to its end; milliseconds
 * of processor time a report (user and system, of the whole process)
 */
export async function drive(
  { reports, concurrency }: Load,
  send: (lane: number) => Promise<unknown>,
): Promise<Record<LoadFigures, number>> {
  const latencies = new Float64Array(reports);
  let begun = 0;
  async function lane(index: number): Promise<void> {
    while (begun < reports) {
      const mine = begun++;
      const start = performance.now();
      await send(index);
      latencies[mine] = performance.now() - start;
    }
  }
  const cpu = process.cpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, (_, index) => lane(index)));
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  const sorted = [...latencies];
  return {
    perSecond: (reports * 1000) / milliseconds,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    cpu: (user + system) / 1000 / reports,
  };
}
