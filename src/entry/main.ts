import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { isStatusReporterError } from '../errors.ts';
import { createApp, createDispatcher, createMemoryStore, type Target } from '../http/app.ts';
import { K8sReporter } from '../reporter/kubernetes.ts';
import type { ConsoleLike } from '../types.ts';
import { type Cluster, chooseCluster } from './cluster.ts';
import { greeting } from './greeting.ts';
import { explain, type Listen, type Listening } from './listen.ts';
import { readSettings, usage } from './settings.ts';

/** Read first: it changes when the parent ends. */
const shell = process.ppid;

/** Milliseconds for the requests under way, and for the whole shutdown. */
const patience = { requests: 4_000, shutdown: 10_000 };

const logger: ConsoleLike = { ...console, debug: () => {} };

/** The program of Node, Bun and Deno: runs the service until SIGINT or SIGTERM. */
export async function main(listen: Listen): Promise<void> {
  try {
    const settings = readSettings(process.argv.slice(2), process.env);
    if (settings.help) return console.log(usage);
    const cluster = await chooseCluster(settings, process.env, listen);
    const { url, stop } = await serve(cluster, settings, listen);
    onEnd(stop);
    console.log(greeting(url, cluster));
  } catch (error) {
    console.error(isStatusReporterError(error) ? error.message : error);
    process.exit(1);
  }
}

/** Once, whatever is heard: npm passes Ctrl-C on to a process that the terminal has already told. */
function onEnd(stop: () => Promise<void>): void {
  let ending = false;
  const end = () => {
    if (!ending) void stop();
    ending = true;
  };
  process.on('SIGINT', end).on('SIGTERM', end);
  // `npm start` puts a shell between, which passes no signal on: it is gone, and so are we.
  if (process.env['npm_lifecycle_event'] !== 'start') return;
  setInterval(() => process.ppid === shell || end(), 250).unref();
}

async function serve(
  cluster: Cluster,
  address: { host: string; port: number },
  listen: Listen,
): Promise<Listening> {
  const { credentials } = cluster;
  const closing = new AbortController();
  const store = createMemoryStore();
  const create = (target: Target) => new K8sReporter({ ...target, credentials, logger });
  const dispatcher = createDispatcher({ store, create, logger });
  const app = createApp({ dispatcher, store, closing: closing.signal, logger });
  const server = await listen((request, extra) => app.fetch(request, extra), address).catch(error => {
    throw explain(error, address);
  });
  async function stop(): Promise<void> {
    console.log('Stopping: no new requests; delivering what is pending.');
    const late = setTimeout(() => {
      console.error(`Not everything was delivered within ${patience.shutdown / 1000} s.`);
      process.exit(1);
    }, patience.shutdown);
    // Event streams end now: the server would wait for them.
    closing.abort();
    const answered = server.stop();
    await Promise.race([answered, delay(patience.requests)]);
    // What still waits for the API server is given up here and answered with a 503.
    await dispatcher.close();
    await answered;
    await cluster.stop();
    clearTimeout(late);
    process.exit(0);
  }
  return { url: server.url, stop };
}
