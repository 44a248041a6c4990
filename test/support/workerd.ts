// A Worker in the real workerd, as `wrangler deploy` would bundle it, but with no account and no `wrangler dev`: miniflare
// cannot trust a private CA, and its children outlive it.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { alias } from '../../scripts/entries.ts';
import { startProcess } from './child-process.ts';
import { projectRoot } from './sources.ts';

export interface WorkerOptions {
  /** The user's project: holds the entry and `node_modules`. */
  folder: string;
  /** Worker module in it. */
  entry: string;
  /** PEM of what the platform trusts; code cannot. */
  trusted: string;
  /** Text bindings: `env.NAME`. */
  bindings?: Record<string, string>;
  /** Bindings whose `fetch` reaches an HTTPS server, whatever the URL: `127.0.0.1:6443`. It is trusted by `trusted` alone. */
  services?: Record<string, string>;
  /** Folder of the static assets, which `env.ASSETS` reads. Default: there is no such binding. */
  assets?: string;
  /** Whether the package is taken from `src` as it is, not as built. */
  source?: boolean;
  /** Whether the bundle is minified, as it is deployed. */
  minify?: boolean;
  /** Durable Objects, by binding and class, and the folder in which they live on. */
  objects?: { disk: string; classes: Record<string, string> };
}

/** The Durable Objects of the service. */
export function serviceObjects(disk: string): NonNullable<WorkerOptions['objects']> {
  return { disk, classes: { STATUS_DELIVERY: 'StatusDelivery', STATUS_INDEX: 'StatusIndex' } };
}

export interface RunningWorker {
  /** `http://127.0.0.1:…`, without a slash. */
  url: string;
  pid: number;
  /** When it was started, on the clock of `performance.now()`. */
  startedAt: number;
  /** What the Worker and workerd have written so far. */
  log(): string;
  /** Kills it: no time for last words. */
  stop(): Promise<void>;
}

/** Bundles and starts a Worker on a loopback port. */
export async function startWorker({
  folder,
  entry,
  trusted,
  bindings = {},
  services = {},
  assets,
  source = false,
  minify = false,
  objects = { disk: '', classes: {} },
}: WorkerOptions): Promise<RunningWorker> {
  await build({
    entryPoints: [join(folder, entry)],
    outfile: join(folder, 'worker.js'),
    bundle: true,
    minify,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: [
      ...(source ? ['vmcp-status-reporter-source'] : []),
      'workerd',
      'worker',
      'browser',
      'import',
    ],
    external: ['cloudflare:*'],
    ...(source && { alias }),
    logLevel: 'silent',
  });
  await writeFile(join(folder, 'trusted.crt'), trusted);
  await writeFile(
    join(folder, 'config.capnp'),
    config({ bindings, services, objects, ...(assets !== undefined && { assets }) }),
  );
  if (objects.disk !== '') await mkdir(objects.disk, { recursive: true });
  let output = '';
  let listening: (port: number) => void = () => {};
  const port = new Promise<number>(resolve => {
    listening = resolve;
  });
  const startedAt = performance.now();
  const workerd = startProcess(
    join(projectRoot, 'node_modules', '.bin', 'workerd'),
    ['serve', 'config.capnp', '--control-fd=1'],
    {
      cwd: folder,
      line: line => {
        output += `${line}\n`;
        if (line.startsWith('{"event":"listen"')) listening(JSON.parse(line).port);
      },
    },
  );
  const failed = workerd.ended.then(({ code }) => {
    throw new Error(`workerd ended with ${code} before it listened: ${workerd.errors()}`);
  });
  const url = `http://127.0.0.1:${await Promise.race([port, failed])}`;
  failed.catch(() => {});
  return {
    url,
    pid: workerd.process.pid!,
    startedAt,
    log: () => output + workerd.errors(),
    stop: workerd.stop,
  };
}

function config({
  bindings,
  services,
  objects: { disk, classes },
  assets,
}: Required<Pick<WorkerOptions, 'bindings' | 'services' | 'objects'>> &
  Pick<WorkerOptions, 'assets'>): string {
  const texts = Object.entries(bindings).map(
    ([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`,
  );
  const namespaces = Object.entries(classes).map(
    ([name, className]) => `(name = "${name}", durableObjectNamespace = "${className}")`,
  );
  const designators = [...Object.keys(services), ...(assets === undefined ? [] : ['ASSETS'])].map(
    name => `(name = "${name}", service = "${name}")`,
  );
  const disks = [
    ...(disk === '' ? [] : [`(name = "disk", disk = (path = ${JSON.stringify(disk)}, writable = true))`]),
    ...(assets === undefined ? [] : [`(name = "ASSETS", disk = (path = ${JSON.stringify(assets)}))`]),
  ].map(service => `    ${service},\n`);
  const externals = Object.entries(services).map(
    ([name, address]) => `    (name = "${name}", external = (address = "${address}", https = (
      certificateHost = "localhost",
      tlsOptions = (trustBrowserCas = false, trustedCertificates = [embed "trusted.crt"]),
    ))),\n`,
  );
  const storage = `
  durableObjectNamespaces = [${Object.values(classes)
    .map(name => `(className = "${name}", uniqueKey = "${name}", enableSql = true)`)
    .join(', ')}],
  durableObjectStorage = (localDisk = "disk"),`;
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .worker),
    (name = "network", network = (
      allow = ["public", "private"],
      tlsOptions = (trustBrowserCas = false, trustedCertificates = [embed "trusted.crt"]),
    )),
${disks.join('')}${externals.join('')}  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js")],
  compatibilityDate = "2026-10-01",
  globalOutbound = "network",
  bindings = [${[...texts, ...namespaces, ...designators].join(', ')}],${disk === '' ? '' : storage}
);
`;
}
