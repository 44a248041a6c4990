/** Changed reports on a real kube-apiserver, with the Go reference; and what each of them sends and receives. */

import { type ClientNodeWay, clientNodeWays, startClientNode } from '../peers/client-node.ts';
import { startFloor, startOurs } from '../peers/contestants.ts';
import { startReference } from '../peers/reference.ts';
import type { BenchChild } from '../support/child.ts';
import { startBenchCluster } from '../support/cluster.ts';
import type { LoadFigures } from '../support/load.ts';
import { startMeter } from '../support/metered.ts';
import type { Answer } from '../support/question.ts';
import { type Contestant, medians, takeTurns } from '../support/rounds.ts';
import { type Cell, show } from '../support/table.ts';
import { atMost, type Target } from '../support/target.ts';
import { backendCounts, type ChangedCell, cells, resourceNames } from './cells.ts';

/** Reports that make a round; at 1,000 backends each costs the API server some hundred milliseconds. */
const reports: Record<number, number> = { 1: 400, 50: 80, 1000: 4 };
const mostLanes = 64;
/** Backends in all reports at once up to which all take turns: 16 times 1,000 are six minutes. What is more is one burst. */
const mostAtOnce = { full: 16_000, quick: 3_200 };

interface Entrant {
  readonly who: string;
  readonly child: BenchChild;
  readonly way?: (typeof clientNodeWays)[ClientNodeWay];
}

export async function changedOnRealServer(quick: boolean): Promise<Answer> {
  const cluster = await startBenchCluster();
  const meter = await startMeter(cluster.destination);
  const entrants: Entrant[] = [
    { who: 'this package', child: startOurs() },
    { who: 'undici `request`, one PATCH', child: startFloor() },
    { who: 'Go reference', child: await startReference() },
    ...Object.entries(clientNodeWays).map(([who, way]) => ({ who, way, child: startClientNode() })),
  ];
  const namesOf = (who: string, backends: number, lanes: number) =>
    resourceNames(`${who.toLowerCase().replaceAll(/[^a-z]+/g, '-')}-${backends}`, lanes);
  const rows: Cell[][] = [];
  /** Of each contestant: figures by number of backends, one report at a time but for those per second. */
  const summary = new Map(
    entrants.map(({ who }) => [
      who,
      {
        requests: 0,
        kB: [] as number[],
        cpu: [] as number[],
        p50: [] as number[],
        perSecond: [] as number[],
      },
    ]),
  );
  const traffic: Cell[][] = [];
  const targets: Target[] = [];

  /**
   * 64 times 1,000 backends are more than a minute of the API server's work on one core, after which it gives up on those
   * that it still has: whoever sends all of them at once, as the reference does, may get no figures.
   */
  async function oneBurst(
    who: string,
    child: BenchChild,
    { backends, concurrency }: ChangedCell,
  ): Promise<void> {
    const names = namesOf(who, backends, concurrency);
    try {
      await child.call('prepare', { ...cluster.destination, names, backends });
      const load = { reports: concurrency, concurrency, changing: true };
      const { perSecond, p50, p99, cpu } = await child.call<Record<LoadFigures, number>>('run', load);
      rows.push([backends, concurrency, who, perSecond, p50, p99, cpu]);
      if (concurrency === 16) summary.get(who)!.perSecond.push(perSecond);
    } catch (error) {
      const [why] = String((error as Error).message).split('\n', 1);
      rows.push([backends, concurrency, who, `failed: ${why!.slice(0, 120)}`, '', '', '']);
    }
  }

  try {
    for (const { who } of entrants)
      for (const backends of backendCounts) await cluster.create(namesOf(who, backends, mostLanes));
    const most = quick ? mostAtOnce.quick : mostAtOnce.full;
    for (const { backends, concurrency } of cells.filter(cell => cell.backends * cell.concurrency <= most)) {
      const contestants: Record<string, Contestant<LoadFigures>> = {};
      for (const { who, child, way } of entrants) {
        const names = namesOf(who, backends, concurrency);
        await child.call('prepare', { ...cluster.destination, names, backends, ...way });
        const count = Math.max(quick ? Math.ceil(reports[backends]! / 4) : reports[backends]!, concurrency);
        contestants[who] = () => child.call('run', { reports: count, concurrency, changing: true });
      }
      const contest = await takeTurns(contestants, { rounds: quick || backends === 1000 ? 2 : 5 });
      for (const [who, figures] of Object.entries(contest)) {
        const { perSecond, p50, p99, cpu } = medians(figures);
        rows.push([backends, concurrency, who, perSecond, p50, p99, cpu]);
        const its = summary.get(who)!;
        if (concurrency === 16) its.perSecond.push(perSecond);
        if (concurrency > 1) continue;
        its.cpu.push(cpu);
        its.p50.push(p50);
      }
      const cpu = (who: string) => medians(contest[who]!).cpu;
      targets.push(
        atMost(
          `client CPU against the Go reference, ${backends} backends, ${concurrency} at once`,
          cpu('this package') / cpu('Go reference'),
          1,
          '×',
        ),
      );
    }
    const sides = entrants.filter(({ way }) => way === undefined);
    for (const cell of cells.filter(({ backends, concurrency }) => backends * concurrency > most)) {
      for (const { who, child } of sides) await oneBurst(who, child, cell);
    }
    for (const backends of backendCounts) {
      const counts = new Map<string, { requests: number; bytes: number }>();
      for (const { who, child, way } of entrants) {
        const task = { names: namesOf(who, backends, 1), backends, ...way };
        const counted = await meter.count(cluster, child, task, { reports: 6, changing: true });
        const { requests, sent, received, connections } = counted;
        counts.set(who, { requests, bytes: sent + received });
        summary.get(who)!.requests = requests;
        summary.get(who)!.kB.push((sent + received) / 1000);
        traffic.push([backends, who, requests, sent / 1000, received / 1000, connections]);
      }
      const [our, their] = [counts.get('this package')!, counts.get('Go reference')!];
      targets.push(
        atMost(
          `requests against the Go reference, ${backends} backends`,
          our.requests / their.requests,
          0.99,
          '×',
        ),
        atMost(`bytes against the Go reference, ${backends} backends`, our.bytes / their.bytes, 0.99, '×'),
      );
    }
  } finally {
    await Promise.all([meter, ...entrants.map(({ child }) => child)].map(child => child.stop()));
    await cluster.close();
  }
  return {
    tables: [
      {
        title: 'A changed report on a real kube-apiserver, at 1, 50 and 1,000 backends',
        headings: ['', 'requests', 'kB', 'client CPU ms', 'p50 ms', 'reports/s, 16 at once'],
        rows: [...summary].map(([who, { requests, kB, cpu, p50, perSecond }]) => [
          who,
          requests,
          ...[kB, cpu, p50, perSecond].map(series),
        ]),
        notes: [
          'One at a time, but for the last column: there, of 1,000 backends one burst of 16 is a round. kB are those of requests and answers together, headers included, as they are on the wire.',
        ],
      },
      {
        title: 'A changed report on a real kube-apiserver',
        headings: ['backends', 'at once', '', 'reports/s', 'p50 ms', 'p99 ms', 'client CPU ms'],
        rows,
        notes: [
          'The reference runs without the limit of 5 requests a second that its client has by default. Of 1,000 backends, 64 at once (with --quick 16 as well) are one burst of this package, the floor and the reference: the API server gives up on what it has not done after a minute.',
        ],
      },
      {
        title: 'What a changed report sends and receives there, headers included',
        headings: ['backends', '', 'requests', 'kB sent', 'kB received', 'connections opened'],
        rows: traffic,
      },
    ],
    targets,
  };
}

function series(figures: readonly number[]): string {
  return figures.map(show).join(' / ');
}
