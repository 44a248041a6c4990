/** What the service costs at the edge, on workerd: `npm run bench -- edge`. Needs Linux, which tells what a process used. */

import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bareEnvironment, runProcess } from '../test/support/child-process.ts';
import { projectRoot } from '../test/support/sources.ts';
import { type RunningWorker, serviceObjects, startWorker } from '../test/support/workerd.ts';
import { processorTime } from './edge/processor-time.ts';
import type { Calls } from './service/callers.ts';
import { startBenchChild } from './support/child.ts';
import type { Destination } from './support/contestant.ts';
import { benchOptions } from './support/options.ts';
import { answer } from './support/question.ts';
import { medianRatio, medians, takeTurns } from './support/rounds.ts';
import { median } from './support/statistics.ts';
import { atMost } from './support/target.ts';

const { quick } = benchOptions();
const rounds = quick ? 3 : 15;
const reports = quick ? 200 : 1_000;
const concurrency = 8;
const backends = 5;
const secret = 's3cret';

const folder = await mkdtemp(join(tmpdir(), 'bench-edge-'));
const server = startBenchChild('bench/support/raw-server.ts', { core: 'server' });
const destination = await server.call<Destination>('destination');

/** What would be deployed; wrangler says so without an account. */
async function bundle(): Promise<number> {
  await runProcess(
    join(projectRoot, 'node_modules', '.bin', 'wrangler'),
    ['deploy', '--dry-run', '--minify', '--outdir', folder],
    {
      cwd: projectRoot,
      env: { ...bareEnvironment(folder), WRANGLER_SEND_METRICS: 'false', CI: 'true' },
      timeout: 90_000,
    },
  );
  for (const name of ['empty', 'forward']) {
    await cp(join(projectRoot, 'bench', 'edge', `${name}.ts`), join(folder, `${name}.ts`));
  }
  return gzipSync(await readFile(join(folder, 'workers.js')), { level: 9 }).length;
}

const size = await bundle();
let starts = 0;

/** Each on a disk of its own. */
async function start(entry: string): Promise<RunningWorker> {
  const disk = join(folder, `disk-${++starts}`);
  await mkdir(disk);
  return startWorker({
    folder,
    entry,
    trusted: destination.ca,
    minify: true,
    bindings: {
      SERVICE_TOKEN: secret,
      VMCP_KUBERNETES_SERVER: destination.server,
      VMCP_KUBERNETES_TOKEN: destination.token,
    },
    ...(entry === 'workers.js' && { objects: serviceObjects(disk) }),
  });
}

/** From nothing to the first answer. */
async function coldStart(entry: string): Promise<{ wall: number; cpu: number }> {
  const worker = await start(entry);
  try {
    const response = await fetch(`${worker.url}/livez`);
    await response.text();
    if (response.status !== 200) throw new Error(`${entry}: ${response.status}`);
    return { wall: performance.now() - worker.startedAt, cpu: await processorTime(worker.pid) };
  } finally {
    await worker.stop();
  }
}

const cold = await takeTurns(
  { empty: () => coldStart('empty.ts'), service: () => coldStart('workers.js') },
  { rounds },
);
const over = (figure: 'wall' | 'cpu') =>
  median(cold.service[figure].map((value, round) => value - cold.empty[figure][round]!));

const names = Array.from({ length: concurrency }, (_, index) => `gateway-${index}`);
const warm = await Promise.all(
  (['workers.js', 'forward.ts'] as const).map(async entry => {
    const worker = await start(entry);
    const callers = startBenchChild('bench/service/callers.ts', { core: 'server' });
    const { namespace } = destination;
    await callers.call('prepare', {
      url: worker.url,
      token: secret,
      namespace,
      names,
      backends,
    } satisfies Calls);
    async function run(): Promise<{ perSecond: number; cpu: number }> {
      const before = await processorTime(worker.pid);
      const { perSecond } = await callers.call<{ perSecond: number }>('run', { reports, concurrency });
      return { perSecond, cpu: ((await processorTime(worker.pid)) - before) / reports };
    }
    return { worker, callers, run };
  }),
);
const [service, forward] = warm;
const results = await takeTurns({ forward: forward!.run, service: service!.run }, { rounds: quick ? 2 : 7 });
await Promise.all(warm.flatMap(({ worker, callers }) => [worker.stop(), callers.stop()]));
await server.stop();
await rm(folder, { recursive: true, force: true });

const row = (
  label: string,
  which: 'empty' | 'service' | undefined,
  load: 'forward' | 'service' | undefined,
) => {
  const start = which && medians(cold[which]);
  const figures = load && medians(results[load]);
  return [label, start?.cpu, start?.wall, figures?.cpu, figures?.perSecond];
};
await answer('edge', {
  tables: [
    {
      title: 'The service on workerd',
      headings: ['', 'start to first answer: CPU ms', 'ms', 'CPU ms a changed report', 'reports/s'],
      rows: [
        row('an empty Worker', 'empty', undefined),
        row('a bare Worker that sends on', undefined, 'forward'),
        row('the service, with its Durable Objects on disk', 'service', 'service'),
      ],
      notes: [
        `The script takes ${Math.round(over('cpu'))} ms of CPU and ${Math.round(over('wall'))} ms more than an empty one to start; the bundle is ${(size / 1000).toFixed(1)} kB gzipped, as \`wrangler deploy --dry-run --minify\` makes it. A report of ${backends} backends costs ${medianRatio(results.service.cpu, results.forward.cpu).toFixed(1)} times the CPU of sending it on: it is kept on disk before it is accepted, delivered by the object of its resource, and told to the index. Medians of ${rounds} starts and ${quick ? 2 : 7} rounds of ${reports} reports, ${concurrency} at once; CPU is that of all of workerd.`,
      ],
    },
  ],
  targets: [atMost('Worker bundle, gzipped', size / 1000, 60, 'kB')],
});
