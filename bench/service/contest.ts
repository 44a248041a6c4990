/** The service and what it is compared with take turns, each in a process of its own, at one API server. */

import { type BenchChild, type Runtime, startBenchChild } from '../support/child.ts';
import type { Destination, Round, Task } from '../support/contestant.ts';
import type { LoadFigures } from '../support/load.ts';
import { medianRatio, medians, type Rounds, type RoundsOptions, takeTurns } from '../support/rounds.ts';
import type { Cell } from '../support/table.ts';
import type { Calls } from './callers.ts';
import type { Served, ServeTask } from './serve.ts';

/** What is called over HTTP, and compared with the library on the same runtime. */
export interface Entrant {
  readonly kind: ServeTask['kind'];
  readonly runtime: Runtime;
  readonly label: string;
}

export interface ContestOptions extends RoundsOptions {
  readonly destination: Destination;
  readonly entrants: readonly Entrant[];
  /** Reports under way at once, each on a resource of its own. */
  readonly concurrency: number;
  /** Reports of a round, by number of backends. */
  readonly reports: Readonly<Record<number, number>>;
  /** Names of the resources on which nobody else reports. */
  resources(contestant: string): Promise<readonly string[]>;
}

export interface ContestResult {
  readonly rows: readonly Cell[][];
  /** Throughput of the whole service by that of the library alone. */
  readonly ratios: readonly {
    readonly runtime: Runtime;
    readonly backends: number;
    readonly perSecond: number;
  }[];
}

/** Headings of the rows. */
export const headings = [
  ...['', 'on', 'backends', 'reports/s', '× the library', 'p50, ms', 'p99, ms'],
  ...['CPU ms a report', 'CPU × the library'],
];

type Figures = Record<LoadFigures, number>;

interface Library {
  readonly runtime: Runtime;
  readonly process: BenchChild;
  readonly names: readonly string[];
}

interface Service extends Entrant {
  readonly process: BenchChild;
  readonly served: Served;
  readonly callers: BenchChild;
  readonly names: readonly string[];
}

export async function contest(options: ContestOptions): Promise<ContestResult> {
  const { destination, entrants, concurrency, reports, resources } = options;
  const children: BenchChild[] = [];
  const child = (...[script, settings]: Parameters<typeof startBenchChild>): BenchChild => {
    const started = startBenchChild(script, settings);
    children.push(started);
    return started;
  };
  const rows: Cell[][] = [];
  const ratios: ContestResult['ratios'][number][] = [];
  try {
    const libraries: Library[] = [];
    const services: Service[] = [];
    const runtimes = [...new Set(entrants.map(({ runtime }) => runtime))];
    for (const runtime of runtimes) {
      const process = child('bench/peers/ours.ts', { core: 'client', runtime });
      libraries.push({ runtime, process, names: await resources(`library-${runtime}`) });
    }
    for (const entrant of entrants) {
      const { kind, runtime } = entrant;
      const process = child('bench/service/serve.ts', { core: 'client', runtime });
      const served = await process.call<Served>('start', { ...destination, kind } satisfies ServeTask);
      // Callers share the core of the API server: they and it have to be idle at times, so that the service is the limit.
      const callers = child('bench/service/callers.ts', { core: 'server' });
      const names = await resources(`${kind.replaceAll(' ', '-')}-${runtime}`);
      services.push({ ...entrant, process, served, callers, names });
    }
    for (const backends of Object.keys(reports).map(Number)) {
      for (const { process, names } of libraries) {
        await process.call('prepare', { ...destination, names, backends } satisfies Task);
      }
      for (const { served, callers, names } of services) {
        const { namespace } = destination;
        await callers.call('prepare', { ...served, namespace, names, backends } satisfies Calls);
      }
      const load = { reports: reports[backends]!, concurrency };
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
              return { ...figures, cpu: (await process.call<number>('used')) / load.reports };
            },
          ]),
        ]),
        options,
      );
      for (const { runtime } of libraries) {
        const library = results[`library ${runtime}`]!;
        const row = (label: string, figures: Rounds<LoadFigures>) => {
          const { perSecond, p50, p99, cpu } = medians(figures);
          const against = (figure: LoadFigures) => medianRatio(figures[figure], library[figure]);
          rows.push([
            ...[label, runtime, backends, perSecond, against('perSecond')],
            ...[p50, p99, cpu, against('cpu')],
          ]);
          return against('perSecond');
        };
        row('the library alone', library);
        for (const { kind, label } of services.filter(service => service.runtime === runtime)) {
          const perSecond = row(label, results[`${kind} ${runtime}`]!);
          if (kind === 'service') ratios.push({ runtime, backends, perSecond });
        }
      }
    }
  } finally {
    await Promise.all(children.map(each => each.stop()));
  }
  return { rows, ratios };
}
