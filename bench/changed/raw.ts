/** Changed reports on a raw HTTPS server: the client against the floor, and against client-node. */

import { join } from 'node:path';
import { type ClientNodeWay, clientNodeWays, startClientNode } from '../peers/client-node.ts';
import { startFloor, startOurs } from '../peers/contestants.ts';
import { type BenchChild, pinning, startBenchChild } from '../support/child.ts';
import type { Destination, Task } from '../support/contestant.ts';
import type { LoadFigures } from '../support/load.ts';
import type { Answer } from '../support/question.ts';
import {
  type Contestant,
  medianRatio,
  medians,
  type Rounds,
  takeTurns,
  together,
} from '../support/rounds.ts';
import type { Cell } from '../support/table.ts';
import { atLeast, atMost, type Target } from '../support/target.ts';
import { cells, label, resourceNames } from './cells.ts';

/** Reports that make a round, at each number of backends. */
const fast: Record<number, number> = { 1: 5000, 50: 2500, 1000: 300 };
const slow: Record<number, number> = { 1: 400, 50: 300, 1000: 100 };
const poolSize = 16;
/** Of each contestant: one is as fast as its memory happens to lie, for as long as it lives. */
const processes = 5;

export async function changedOnRawServer(quick: boolean): Promise<Answer> {
  const server = startBenchChild(join(import.meta.dirname, '..', 'support', 'raw-server.ts'), {
    core: 'server',
  });
  const destination = await server.call<Destination>('destination');
  const connections = await newConnections(server, destination);
  const ours = startOurs();
  const peers = Object.entries(clientNodeWays).map(([name, way]) => ({
    name: name as ClientNodeWay,
    way,
    child: startClientNode(),
  }));
  const floorRows: Cell[][] = [];
  const peerRows: Cell[][] = [];
  const targets: Target[] = [];
  try {
    for (const cell of cells) {
      const { backends, concurrency } = cell;
      const names = resourceNames('lane', concurrency);
      const task = { ...destination, names, backends };
      const round = (child: BenchChild, reports: number): Contestant<LoadFigures> => {
        const count = Math.max(quick ? Math.ceil(reports / 4) : reports, concurrency);
        return () => child.call('run', { reports: count, concurrency, changing: true });
      };
      const launches: Record<'ours' | 'floor', Rounds<LoadFigures>>[] = [];
      while (launches.length < (quick ? 1 : processes)) {
        launches.push(await launch(task, child => round(child, fast[backends]!), quick));
      }
      const contest = together(launches);
      const ratio = compare(contest.ours, contest.floor);
      const [our, their] = [medians(contest.ours), medians(contest.floor)];
      floorRows.push([
        ...[backends, concurrency, our.perSecond, their.perSecond, ratio.perSecond],
        ...[ratio.p50, ratio.p99, our.cpu, their.cpu, ratio.cpu],
      ]);
      const limit = backends === 1000 ? 0.8 : 0.9;
      targets.push(
        atLeast(`throughput against the floor, ${label(cell)}`, ratio.perSecond, limit, '×'),
        atMost(`p50 against the floor, ${label(cell)}`, ratio.p50, 1.15, '×'),
        atMost(`p99 against the floor, ${label(cell)}`, ratio.p99, 1.3, '×'),
      );

      await ours.call('prepare', task);
      await Promise.all(peers.map(({ child, way }) => child.call('prepare', { ...task, ...way })));
      const others = await takeTurns(
        {
          ours: round(ours, fast[backends]!),
          ...Object.fromEntries(peers.map(({ name, child }) => [name, round(child, slow[backends]!)])),
        } as Record<'ours' | ClientNodeWay, Contestant<LoadFigures>>,
        { rounds: quick ? 2 : 5 },
      );
      peerRows.push([
        backends,
        concurrency,
        medians(others.ours).perSecond,
        ...peers.map(({ name }) => medians(others[name]).perSecond),
      ]);
      if (backends === 1 && concurrency === 16) {
        const times = compare(others.ours, others['client-node get+replace']).perSecond;
        targets.push(atLeast(`throughput against client-node get+replace, ${label(cell)}`, times, 20, '×'));
      }
    }
    targets.push(
      atMost(
        `new TLS connections for ${connections.reports} reports, 64 at once`,
        connections.opened,
        poolSize,
      ),
    );
  } finally {
    await Promise.all([server, ours, ...peers.map(({ child }) => child)].map(child => child.stop()));
  }
  return {
    tables: [
      {
        title: 'A changed report on a raw HTTPS server, against one PATCH with undici’s `request`',
        headings: [
          ...['backends', 'at once', 'reports/s', 'floor/s', 'throughput ×', 'p50 ×', 'p99 ×'],
          ...['CPU ms', 'floor CPU ms', 'CPU ×'],
        ],
        rows: floorRows,
        notes: [
          `Ratios are medians over the rounds of ours by the floor’s of the same round, five processes of each. ${pinning}`,
          'The floor sends the same bytes with the same headers over as many connections; it serialises an object that it',
          'has, and parses the answer.',
        ],
      },
      {
        title: 'Reports per second against `@kubernetes/client-node` 2.0.1, on the same server',
        headings: ['backends', 'at once', 'this package', ...peers.map(({ name }) => name.slice(12))],
        rows: peerRows,
      },
    ],
    targets,
  };
}

/** Rounds of a new process of each. */
async function launch(
  task: Task,
  round: (child: BenchChild) => Contestant<LoadFigures>,
  quick: boolean,
): Promise<Record<'ours' | 'floor', Rounds<LoadFigures>>> {
  const [ours, floor] = [startOurs(), startFloor()];
  try {
    await Promise.all([ours, floor].map(child => child.call('prepare', task)));
    return await takeTurns(
      { ours: round(ours), floor: round(floor) },
      { rounds: quick ? 5 : 4, warmup: quick ? 2 : task.backends < 1000 ? 4 : 10 },
    );
  } finally {
    await Promise.all([ours, floor].map(child => child.stop()));
  }
}

function compare(
  ours: Rounds<LoadFigures>,
  theirs: Rounds<LoadFigures>,
): Readonly<Record<LoadFigures, number>> {
  const ratio = (figure: LoadFigures) => medianRatio(ours[figure], theirs[figure]);
  return { perSecond: ratio('perSecond'), p50: ratio('p50'), p99: ratio('p99'), cpu: ratio('cpu') };
}

/** Connections that a fresh process opens for many reports of every size. */
async function newConnections(
  server: BenchChild,
  destination: Destination,
): Promise<{ reports: number; opened: number }> {
  const ours = startOurs();
  await server.call('counts');
  let reports = 0;
  for (const backends of [1, 50, 1000]) {
    const names = resourceNames('connections', 64);
    await ours.call('prepare', { ...destination, names, backends });
    await ours.call('run', { reports: 300, concurrency: 64, changing: true });
    reports += names.length + 300;
  }
  const { connections } = await server.call<{ connections: number }>('counts');
  await ours.stop();
  return { reports, opened: connections };
}
