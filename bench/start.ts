/** What it costs to begin: import, first report, memory; `npm run bench -- start`. */

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installClientNode } from './peers/client-node.ts';
import { buildReference, startReference } from './peers/reference.ts';
import { childEnvironment, pinned, pinning, startBenchChild } from './support/child.ts';
import type { Destination } from './support/contestant.ts';
import { benchOptions } from './support/options.ts';
import { answer } from './support/question.ts';
import { medians, type Rounds, takeTurns } from './support/rounds.ts';
import { median } from './support/statistics.ts';
import { atMost } from './support/target.ts';

type Figure = 'ready' | 'first' | 'rss';

const run = promisify(execFile);
const rounds = benchOptions().quick ? 5 : 25;
const script = (path: string) => join(import.meta.dirname, path);
const scripts = {
  'empty script': script('start/empty.mjs'),
  'undici alone': script('start/floor.mjs'),
  'this package': script('start/ours.mjs'),
  '@kubernetes/client-node': join(installClientNode(), 'start.js'),
};
type Name = keyof typeof scripts;
const reference = 'Go reference';

const server = startBenchChild('bench/support/raw-server.ts', { core: 'server' });
const destination = { ...(await server.call<Destination>('destination')), name: 'gateway' };

/** One process after the other, from its first moment to what it tells. */
async function start(path: string, ...args: string[]): Promise<Record<Figure, number>> {
  const [command, ...rest] = pinned('client', process.execPath, [path, ...args]);
  const { stdout } = await run(command, rest, { env: childEnvironment() });
  return JSON.parse(stdout);
}

/** The Go reference, from outside: it has nothing to import, and is ready when it has reported. */
async function startOfReference(): Promise<Record<Figure, number>> {
  const begun = performance.now();
  const child = await startReference();
  const { name, ...rest } = destination;
  await child.call('prepare', { ...rest, names: [name], backends: 1 });
  const first = performance.now() - begun;
  const rss = residentMemory(child.pid);
  await child.stop();
  return { ready: first, first, rss };
}

/** Bytes. */
function residentMemory(pid: number): number {
  return 1024 * Number(/^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
}

const all = Object.entries(scripts) as [Name, string][];
const imports = await takeTurns(
  Object.fromEntries(all.map(([name, path]) => [name, () => start(path)])) as Record<
    Name,
    () => Promise<Record<Figure, number>>
  >,
  { rounds },
);
const reporting = all.filter(([name]) => name !== 'empty script');
await buildReference();
const reports = await takeTurns(
  {
    ...(Object.fromEntries(
      reporting.map(([name, path]) => [name, () => start(path, JSON.stringify(destination))]),
    ) as Record<Name, () => Promise<Record<Figure, number>>>),
    [reference]: startOfReference,
  },
  { rounds },
);
await server.stop();

/** The median over the rounds of what it takes more than the empty script of the same round. */
function over(figures: Rounds<Figure>, figure: Figure): number {
  const empty = imports['empty script'];
  return median(figures[figure].map((value, round) => value - empty[figure]![round]!));
}

const ours = imports['this package'];
await answer('start', {
  tables: [
    {
      title: 'From the start of a Node process',
      headings: [
        '',
        'import, ms over an empty script',
        'first report is there, ms',
        'RSS after import, MB over an empty script',
        'RSS after the first report, MB',
      ],
      rows: [
        ...all.map(([name]) => {
          const first = reports[name] && medians(reports[name]);
          return [
            name,
            name === 'empty script' ? medians(imports[name]).ready : over(imports[name], 'ready'),
            first?.first,
            (name === 'empty script' ? medians(imports[name]).rss : over(imports[name], 'rss')) / 1e6,
            first && first.rss / 1e6,
          ];
        }),
        [
          reference,
          undefined,
          medians(reports[reference]).first,
          undefined,
          medians(reports[reference]).rss / 1e6,
        ],
      ],
      notes: [
        `Medians of ${rounds} processes each, by turns; of the empty script the whole is told. The first report goes to a raw HTTPS server: a read and a write over a new connection; that of the Go program, which imports nothing, is measured from outside. ${pinning}`,
      ],
    },
  ],
  targets: [
    atMost('import of the root on Node, over an empty script', over(ours, 'ready'), 25, 'ms'),
    atMost(
      'against client-node',
      over(ours, 'ready') / over(imports['@kubernetes/client-node'], 'ready'),
      0.1,
      '×',
    ),
  ],
});
