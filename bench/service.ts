/** What the way through the service costs: `npm run bench -- service`. */

import type { Calls } from './service/callers.ts';
import type { Served, ServeTask } from './service/serve.ts';
import { type BenchChild, pinning, type Runtime, startBenchChild } from './support/child.ts';
import type { Destination, Round, Task } from './support/contestant.ts';
import type { LoadFigures } from './support/load.ts';
import { benchOptions } from './support/options.ts';
import { answer } from './support/question.ts';
import { medianRatio, medians, type Rounds, takeTurns } from './support/rounds.ts';
import type { Cell } from './support/table.ts';
import { atLeast, type Target } from './support/target.ts';

type Figures = Record<LoadFigures, number>;

const { quick } = benchOptions();
const rounds = quick ? 2 : 15;
/** Of each size: engines go on compiling for some ten thousand reports, and a service runs for longer. */
const warmup = quick ? 1 : 6;
const concurrency = 32;
const sizes = [1, 50];
const runtimes: readonly Runtime[] = ['node', 'bun'];

/** What is called over HTTP, each beside the library on the same runtime. */
const contestants: readonly { kind: ServeTask['kind']; runtime: Runtime; label: string }[] = [
  { kind: 'service', runtime: 'node', label: 'the service: JWT, validation, metrics, access log' },
  { kind: 'service without log', runtime: 'node', label: 'the service without its access log' },
  { kind: 'service without auth', runtime: 'node', label: 'the service without JWT' },
  { kind: 'service without cohort', runtime: 'node', label: 'the service, requests as they come' },
  { kind: 'parts', runtime: 'node', label: 'its parts behind node:http: JWT, validation, metrics' },
  { kind: 'bare', runtime: 'node', label: 'the library behind node:http, and nothing else' },
  { kind: 'proxy', runtime: 'node', label: 'a bare Hono proxy' },
  { kind: 'service', runtime: 'bun', label: 'the service: JWT, validation, metrics, access log' },
  { kind: 'service without cohort', runtime: 'bun', label: 'the service, requests as they come' },
  { kind: 'parts', runtime: 'bun', label: 'its parts behind Bun.serve: JWT, validation, metrics' },
  { kind: 'bare', runtime: 'bun', label: 'the library behind Bun.serve, and nothing else' },
  { kind: 'proxy', runtime: 'bun', label: 'a bare Hono proxy' },
];

const children: BenchChild[] = [];
function child(...[script, options]: Parameters<typeof startBenchChild>): BenchChild {
  const started = startBenchChild(script, options);
  children.push(started);
  return started;
}

const server = child('bench/support/raw-server.ts', { core: 'server' });
const destination = await server.call<Destination>('destination');
const names = Array.from({ length: concurrency }, (_, index) => `gateway-${index}`);
const libraries = runtimes.map(runtime => ({
  runtime,
  process: child('bench/peers/ours.ts', { core: 'client', runtime }),
}));
const services = await Promise.all(
  contestants.map(async ({ kind, runtime, label }) => {
    const process = child('bench/service/serve.ts', { core: 'client', runtime });
    const task: ServeTask = { ...destination, kind };
    const served = await process.call<Served>('start', task);
    // Callers share the core of the API server: they and it have to be idle at times, so that the service is the limit.
    const callers = child('bench/service/callers.ts', { core: 'server' });
    return { kind, runtime, label, process, served, callers };
  }),
);

const rows: Cell[][] = [];
const targets: Target[] = [];
for (const backends of sizes) {
  const reports = (quick ? 1_000 : 2_000) / (backends > 1 ? 2 : 1);
  for (const { process } of libraries) {
    await process.call('prepare', { ...destination, names, backends } satisfies Task);
  }
  for (const { served, callers } of services) {
    await callers.call('prepare', {
      ...served,
      namespace: destination.namespace,
      names,
      backends,
    } satisfies Calls);
  }
  const load = { reports, concurrency };
  const results = await takeTurns<string, LoadFigures>(
    Object.fromEntries([
      ...libraries.map(({ runtime, process }) => [
        `library ${runtime}`,
        () => process.call<Figures>('run', { ...load, changing: true } satisfies Round),
      ]),
      ...services.map(({ kind, runtime, process, callers }) => [
        `${kind} ${runtime}`,
        async () => {
          await process.call('used');
          const figures = await callers.call<Figures>('run', load);
          return { ...figures, cpu: (await process.call<number>('used')) / reports };
        },
      ]),
    ]),
    { rounds, warmup },
  );
  for (const runtime of runtimes) {
    const library = results[`library ${runtime}`]!;
    const row = (label: string, figures: Rounds<LoadFigures>) => {
      const { perSecond, p50, p99, cpu } = medians(figures);
      const against = (figure: LoadFigures) => medianRatio(figures[figure], library[figure]);
      rows.push([label, runtime, backends, perSecond, against('perSecond'), p50, p99, cpu, against('cpu')]);
      return against('perSecond');
    };
    row('the library alone', library);
    for (const { kind, label } of services.filter(service => service.runtime === runtime)) {
      const ratio = row(label, results[`${kind} ${runtime}`]!);
      if (kind !== 'service') continue;
      const what = `the service with JWT against the library alone, on ${runtime}, ${backends} backends`;
      targets.push(atLeast(what, ratio, 0.6, '×'));
    }
  }
}
await Promise.all(children.map(each => each.stop()));

await answer('service', {
  tables: [
    {
      title: `Changed reports, ${concurrency} at once, each on a resource of its own`,
      headings: [
        '',
        'on',
        'backends',
        'reports/s',
        '× the library',
        'p50, ms',
        'p99, ms',
        'CPU ms a report',
        'CPU × the library',
      ],
      rows,
      notes: [
        `Medians of ${rounds} rounds by turns. Every report is a PUT to the service and one PATCH from there to a raw HTTPS server; of the library alone, only the PATCH. CPU is that of the process which reports. The callers share a core with the API server. On Bun the app runs under Bun.serve, on Node under node:http. All but one row of each take the requests of one turn of the event loop together. ${pinning}`,
      ],
    },
  ],
  targets,
});
