/** A process that reports on a fleet of resources, and what that costs it. */

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { buildStatus, K8sReporter, startReporting, staticCredentials } from 'vmcp-status-reporter';
import { answerCalls } from '../support/child.ts';
import type { Destination } from '../support/contestant.ts';

export interface FleetTask extends Destination {
  readonly resources: number;
  readonly backends: number;
  /** Milliseconds from one report on a resource to the next. */
  readonly interval: number;
  /** Share of the reports in which the health of a backend has changed. */
  readonly changing: number;
  /** Milliseconds that are measured. */
  readonly window: number;
}

export interface FleetCost {
  /** Milliseconds until every resource has its first report. */
  readonly begun: number;
  /** Share of one core: user and system time of the whole process, at the steady pace. */
  readonly cpu: number;
  /** Bytes of heap a resource, above the same process with one. */
  readonly bytesPerResource: number;
  /** Bytes of resident memory of the whole process. */
  readonly rss: number;
  /** Milliseconds by which the event loop was late. */
  readonly lateness: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly requestsPerSecond: number;
  /** Reports by outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Reports that failed, by error code. */
  readonly failures: Readonly<Record<string, number>>;
}

/** Milliseconds after which unchanged health is written again: the default of the package. */
const heartbeatInterval = 300_000;
/** Milliseconds of the timer whose lateness is measured. */
const resolution = 10;
/** Milliseconds until the first reports have to be there. */
const patience = 300_000;

async function measure(task: FleetTask): Promise<FleetCost> {
  const { server, ca, token, resources, backends, interval, changing, window } = task;
  const credentials = staticCredentials({ server, token, tls: { ca } });
  const gateways = Array.from({ length: resources }, (_, index) => gateway(index, backends));
  let begun = 0;
  let requests = 0;
  let outcomes: Record<string, number> = {};
  let failures: Record<string, number> = {};
  const count = (counts: Record<string, number>, what: string) => {
    counts[what] = (counts[what] ?? 0) + 1;
  };

  function report(index: number): void {
    // As in a fleet that has been up for long: its heartbeats are spread over five minutes, not due all at once.
    let ahead = 0;
    const reporter = new K8sReporter({
      namespace: task.namespace,
      name: `gateway-${index}`,
      credentials,
      heartbeatInterval,
      now: () => Date.now() + ahead,
    });
    startReporting(reporter, health(gateways[index]!, changing), {
      interval,
      logger: {
        ...silent,
        error: (_: string, fields?: { error?: { code?: string } }) =>
          count(failures, fields?.error?.code ?? 'unknown'),
      },
      onResult(result) {
        count(outcomes, result.outcome);
        requests += result.requests;
        if (ahead > 0) return;
        ahead = Math.ceil(Math.random() * heartbeatInterval);
        begun++;
      },
    });
  }

  async function begin(upTo: number): Promise<void> {
    const deadline = performance.now() + patience;
    for (let index = begun; index < upTo; index++) report(index);
    while (begun < upTo) {
      if (performance.now() > deadline)
        throw new Error(`${begun} of ${upTo} first reports arrived; ${JSON.stringify(failures)}`);
      await delay(20);
    }
  }

  await begin(1);
  const alone = heap();
  const started = performance.now();
  await begin(resources);
  const took = performance.now() - started;
  // By then every series has found its place in the interval.
  await delay(1.5 * interval);

  heap();
  const late = monitorEventLoopDelay({ resolution });
  outcomes = {};
  failures = {};
  requests = 0;
  const cpu = process.cpuUsage();
  const from = performance.now();
  late.enable();
  await delay(window);
  late.disable();
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - from) / 1000;
  const milliseconds = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolution);
  return {
    begun: took,
    cpu: (user + system) / 1e6 / seconds,
    requestsPerSecond: requests / seconds,
    outcomes: { ...outcomes },
    failures: { ...failures },
    bytesPerResource: (heap() - alone) / (resources - 1),
    rss: process.memoryUsage().rss,
    lateness: {
      p50: milliseconds(late.percentile(50)),
      p99: milliseconds(late.percentile(99)),
      max: milliseconds(late.max),
    },
  };
}

/** What a gateway is configured with: its own, whether it reports or not. */
function gateway(
  index: number,
  backends: number,
): readonly { name: string; url: string; authType: string }[] {
  return Array.from({ length: backends }, (_, backend) => ({
    name: `backend-${backend}`,
    url: `https://backend-${backend}.gateway-${index}.example.com/mcp`,
    authType: 'token_exchange',
  }));
}

/** The backends are well, but for one that changes its mind now and then. */
function health(
  backends: ReturnType<typeof gateway>,
  changing: number,
): Parameters<typeof startReporting>[1] {
  let ill = 0;
  return () => {
    if (Math.random() < changing) ill = (ill + 1) % (backends.length + 1);
    const lastCheck = new Date();
    return buildStatus(
      backends.map((backend, index) => ({
        ...backend,
        health: index + 1 === ill ? ('unhealthy' as const) : ('healthy' as const),
        lastCheck,
        mcpRevision: '2025-11-25',
      })),
    );
  };
}

const silent = { debug() {}, info() {}, warn() {} };

function heap(): number {
  globalThis.gc!();
  globalThis.gc!();
  return process.memoryUsage().heapUsed;
}

answerCalls({ measure });
