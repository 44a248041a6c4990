/** What the way through the service costs: `npm run bench -- service`. */

import type { Calls } from './service/callers.ts';
import type { Served, ServeTask } from './service/serve.ts';
import { type BenchChild, pinning, startBenchChild } from './support/child.ts';
import type { Destination, Round, Task } from './support/contestant.ts';
import type { LoadFigures } from './support/load.ts';
import { benchOptions } from './support/options.ts';
import { answer } from './support/question.ts';
import { medianRatio, medians, takeTurns } from './support/rounds.ts';
import type { Cell } from './support/table.ts';
import { atLeast, type Target } from './support/target.ts';

type Figures = Record<LoadFigures, number>;

const { quick } = benchOptions();
const rounds = quick ? 2 : 7;
const concurrency = 32;
const sizes = [1, 50];
const kinds = ['service', 'service without log', 'service without auth', 'proxy'] as const;
const labels: Record<(typeof kinds)[number], string> = {
  service: 'the service: JWT, validation, metrics, access log',
  'service without log': 'the service without its access log',
  'service without auth': 'the service without JWT',
  proxy: 'a bare Hono proxy',
};

const children: BenchChild[] = [];
function child(...[script, options]: Parameters<typeof startBenchChild>): BenchChild {
  const started = startBenchChild(script, options);
  children.push(started);
  return started;
}

const server = child('bench/support/raw-server.ts', { core: 'server' });
const destination = await server.call<Destination>('destination');
const names = Array.from({ length: concurrency }, (_, index) => `gateway-${index}`);
const library = child('bench/peers/ours.ts', { core: 'client' });
const services = await Promise.all(
  kinds.map(async kind => {
    const process = child('bench/service/serve.ts', { core: 'client' });
    const task: ServeTask = { ...destination, kind };
    const served = await process.call<Served>('start', task);
    // Callers share the core of the API server: they and it have to be idle at times, so that the service is the limit.
    return { kind, process, served, callers: child('bench/service/callers.ts', { core: 'server' }) };
  }),
);

const rows: Cell[][] = [];
const targets: Target[] = [];
for (const backends of sizes) {
  const reports = (quick ? 1_000 : 4_000) / (backends > 1 ? 4 : 1);
  await library.call('prepare', { ...destination, names, backends } satisfies Task);
  for (const { served, callers } of services) {
    await callers.call('prepare', {
      ...served,
      namespace: destination.namespace,
      names,
      backends,
    } satisfies Calls);
  }
  const load = { reports, concurrency };
  const results = await takeTurns(
    {
      library: () => library.call<Figures>('run', { ...load, changing: true } satisfies Round),
      ...Object.fromEntries(
        services.map(({ kind, process, callers }) => [
          kind,
          async () => {
            await process.call('used');
            const figures = await callers.call<Figures>('run', load);
            return { ...figures, cpu: (await process.call<number>('used')) / reports };
          },
        ]),
      ),
    } as Record<'library' | (typeof kinds)[number], () => Promise<Figures>>,
    { rounds, warmup: 2 },
  );
  const against = (kind: keyof typeof results, figure: LoadFigures) =>
    medianRatio(results[kind][figure], results.library[figure]);
  for (const kind of ['library', ...kinds] as const) {
    const { perSecond, p50, p99, cpu } = medians(results[kind]);
    const label = kind === 'library' ? 'the library alone' : labels[kind];
    rows.push([
      label,
      backends,
      perSecond,
      against(kind, 'perSecond'),
      medianRatio(results[kind].perSecond, results.proxy.perSecond),
      p50,
      p99,
      cpu,
      against(kind, 'cpu'),
    ]);
  }
  targets.push(
    atLeast(
      `the service with JWT against the library alone, ${backends} backends`,
      against('service', 'perSecond'),
      0.6,
      '×',
    ),
  );
}
await Promise.all(children.map(each => each.stop()));

await answer('service', {
  tables: [
    {
      title: `Changed reports, ${concurrency} at once, each on a resource of its own`,
      headings: [
        '',
        'backends',
        'reports/s',
        '× the library',
        '× the proxy',
        'p50, ms',
        'p99, ms',
        'CPU ms a report',
        'CPU × the library',
      ],
      rows,
      notes: [
        `Medians of ${rounds} rounds by turns. Every report is a PUT to the service and one PATCH from there to a raw HTTPS server; of the library alone, only the PATCH. CPU is that of the process which reports. The callers share a core with the API server. ${pinning}`,
      ],
    },
  ],
  targets,
});
