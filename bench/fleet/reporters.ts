// One process that reports on a fleet of resources, and what that costs it. Prints one line of JSON.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import {
  buildStatus,
  K8sReporter,
  type ReportResult,
  startReporting,
  staticCredentials,
} from 'vmcp-status-reporter';

/** What the process is told: JSON, its only argument. */
export interface FleetTask {
  readonly server: string;
  readonly ca: string;
  readonly token: string;
  readonly resources: number;
  readonly backends: number;
  /** Milliseconds between two reports on one resource. */
  readonly interval: number;
  /** Share of the reports in which a backend's health has changed. */
  readonly changing: number;
  /** Milliseconds that are measured. */
  readonly window: number;
}

/** What it found. */
export interface FleetCost {
  readonly resources: number;
  /** Milliseconds from the first report to the end of the last first one. */
  readonly begun: number;
  /** Share of one core at the steady pace. */
  readonly cpu: number;
  /** Bytes of heap for each resource, above a process with one. */
  readonly bytesPerResource: number;
  /** Bytes of resident memory of the whole process. */
  readonly rss: number;
  /** Milliseconds by which the event loop was late. */
  readonly delay: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly requestsPerSecond: number;
  readonly reportsPerSecond: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

const task: FleetTask = JSON.parse(process.argv[2]!);
const { server, ca, token, resources, backends, interval, changing, window } = task;
const credentials = staticCredentials({ server, token, tls: { ca } });
const heartbeatInterval = 300_000;
/** Milliseconds by which a timer that is never late is told apart from the one that measures. */
const resolution = 10;

let begun = 0;
let requests = 0;
const outcomes: Record<string, number> = {};

function count(outcome: string, sent = 0): void {
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  requests += sent;
}

function report(index: number): () => Promise<void> {
  let told = false;
  // As in a fleet that has been up for a while: its heartbeats are spread over five minutes, not due all at once.
  let age = 0;
  const reporter = new K8sReporter({
    namespace: 'fleet',
    name: `gateway-${index}`,
    credentials,
    heartbeatInterval,
    now: () => Date.now() + age,
  });
  let broken = 0;
  const collect = () => {
    if (Math.random() < changing) broken = (broken + 1) % (backends + 1);
    const lastCheck = new Date();
    return buildStatus(
      Array.from({ length: backends }, (_, backend) => ({
        name: `backend-${backend}`,
        url: `https://backend-${backend}.gateway-${index}.example.com/mcp`,
        health: backend === broken - 1 ? ('unhealthy' as const) : ('healthy' as const),
        authType: 'token_exchange',
        lastCheck,
        mcpRevision: '2025-11-25',
      })),
    );
  };
  const series = startReporting(reporter, collect, {
    interval,
    logger: { debug() {}, info() {}, warn() {}, error: () => count('failed') },
    onResult({ outcome, requests }: ReportResult) {
      count(outcome, requests);
      if (told) return;
      told = true;
      begun++;
      age = Math.random() * heartbeatInterval;
    },
  });
  return async () => {
    await series.stop();
    await reporter[Symbol.asyncDispose]();
  };
}

function heap(): number {
  globalThis.gc!();
  globalThis.gc!();
  return process.memoryUsage().heapUsed;
}

const stops = [report(0)];
while (begun < 1) await delay(10);
const alone = heap();
const started = performance.now();
for (let index = 1; index < resources; index++) stops.push(report(index));
while (begun < resources) await delay(50);
const took = performance.now() - started;
const startOutcomes = { ...outcomes };
// One interval later every series has found its place.
await delay(1.2 * interval);

heap();
const late = monitorEventLoopDelay({ resolution });
for (const outcome in outcomes) delete outcomes[outcome];
requests = 0;
const cpu = process.cpuUsage();
const from = performance.now();
late.enable();
await delay(window);
late.disable();
const { user, system } = process.cpuUsage(cpu);
const seconds = (performance.now() - from) / 1000;
const measured = { ...outcomes };
const sent = requests;
const bytesPerResource = (heap() - alone) / Math.max(1, resources - 1);
const ms = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolution);
const cost: FleetCost = {
  resources,
  begun: took,
  cpu: (user + system) / 1e6 / seconds,
  bytesPerResource,
  rss: process.memoryUsage().rss,
  delay: { p50: ms(late.percentile(50)), p99: ms(late.percentile(99)), max: ms(late.max) },
  requestsPerSecond: sent / seconds,
  reportsPerSecond: Object.values(measured).reduce((sum, n) => sum + n, 0) / seconds,
  outcomes: measured,
};
console.error(startOutcomes);
console.log(JSON.stringify(cost));
process.exit(0);
