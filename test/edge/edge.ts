// The service at the edge as it runs: the Worker and its Durable Objects in a workerd whose disk outlives it, before the fake
// API server behind TLS with a private CA.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import type { Delivery, ResourceRecord } from '../../src/http/model.ts';
import { createFakeApiServer, type FakeApiServer } from '../../src/testing/index.ts';
import { createCa } from '../support/certificates.ts';
import { projectRoot } from '../support/sources.ts';
import { type RunningWorker, serviceObjects, startWorker } from '../support/workerd.ts';

export const namespace = 'gateways';

/** How the API server treats requests: it answers, takes its time, hangs up, or is asked something first. */
export interface Behaviour {
  /** Milliseconds before each answer. */
  delay?: number;
  /** Connections are cut before anything is read. */
  down?: boolean;
  /** Answers instead of the API. */
  instead?: (request: Request) => Response | undefined;
}

export interface Edge {
  api: FakeApiServer;
  behaviour: Behaviour;
  /** URL of the Worker that runs now. */
  url(): string;
  /** Starts the Worker, on the disk as it is. */
  start(): Promise<void>;
  /**
   * Keeps back the answers of the API server, or those for one resource. Nothing is done for who has gone by the time of
   * `release`.
   */
  hold(name?: string): void;
  release(): void;
  /** SIGKILL; proves that nothing answers any more. */
  kill(): Promise<void>;
  /** Sends as a caller that knows the secret. */
  send(path: string, init?: RequestInit): Promise<Response>;
  put(name: string, body: object, headers?: Record<string, string>): Promise<Response>;
  /** With `Prefer: respond-async`; the delivery that the 202 tells of, and where to ask for it. */
  putAsync(
    name: string,
    body: object,
    headers?: Record<string, string>,
  ): Promise<Delivery & { location: string }>;
  /** What became of a delivery, once it is no longer pending: the API server has a status before the Worker hears so. */
  ended(delivery: { location: string }): Promise<Delivery>;
  records(): Promise<ResourceRecord[]>;
  /** PUT and PATCH requests that reached the API for a resource, all if none is named. */
  writes(name?: string): number;
  /** Requests for a resource that arrived at the API server, answered or not. */
  arrived(name: string): number;
  /** Whether any file of the objects has that text in it. */
  diskHolds(text: string): Promise<boolean>;
  close(): Promise<void>;
}

export interface EdgeOptions {
  /** Resources that exist. */
  names: readonly string[];
  /** Further text bindings, or others; told where the API server is. */
  bindings?: (server: string) => Record<string, string>;
  /** Whether the API server is reached through the binding `API_SERVER`, by a name that only that knows. */
  bound?: boolean;
}

export async function startEdge({ names, bindings = () => ({}), bound = false }: EdgeOptions): Promise<Edge> {
  const folder = await mkdtemp(join(tmpdir(), 'edge-'));
  const ca = await createCa('cluster CA');
  const api = createFakeApiServer({
    objects: names.map(name => ({ namespace, name })),
    tokens: {
      'cluster-token': { user: 'reporter', groups: ['system:masters'] },
      'gateway-token': { user: 'gateway', groups: ['system:masters'] },
      'stranger-token': { user: 'stranger' },
    },
    requestLog: 100_000,
  });
  const behaviour: Behaviour = {};
  const arrivals: string[] = [];
  let held: { what: string; until: PromiseWithResolvers<void> } | undefined;
  const server = createServer(
    await ca.issue({ commonName: 'kube-apiserver', dns: ['localhost'], ips: ['127.0.0.1'], usage: 'server' }),
    getRequestListener(async (request, env) => {
      arrivals.push(request.url);
      if (behaviour.delay) await new Promise(resolve => setTimeout(resolve, behaviour.delay));
      if (held && request.url.includes(held.what)) await held.until.promise;
      if ((env as HttpBindings).incoming.socket.destroyed) return new Response(null, { status: 499 });
      return behaviour.instead?.(request) ?? api.app.fetch(request);
    }),
  );
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    if (behaviour.down) socket.destroy();
    sockets.add(socket.on('close', () => sockets.delete(socket)));
  });
  // What is open already is cut as well.
  server.prependListener('request', request => {
    if (behaviour.down) request.socket.destroy();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  await writeFile(
    join(folder, 'service.ts'),
    `export * from ${JSON.stringify(join(projectRoot, 'src/entry/workers.ts'))};
export { default } from ${JSON.stringify(join(projectRoot, 'src/entry/workers.ts'))};\n`,
  );
  let worker: RunningWorker | undefined;

  const edge: Edge = {
    api,
    behaviour,
    url: () => worker!.url,
    async start() {
      const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      worker = await startWorker({
        folder,
        entry: 'service.ts',
        trusted: ca.cert,
        source: true,
        bindings: {
          SERVICE_TOKEN: 's3cret',
          VMCP_KUBERNETES_SERVER: bound ? 'https://kubernetes.internal' : `https://${address}`,
          VMCP_KUBERNETES_TOKEN: 'cluster-token',
          ...bindings(`https://${address}`),
        },
        ...(bound && { services: { API_SERVER: address } }),
        objects: serviceObjects(join(folder, 'disk')),
      });
    },
    hold(name) {
      held = { what: name === undefined ? '' : `/${name}`, until: Promise.withResolvers() };
    },
    release() {
      held?.until.resolve();
      held = undefined;
    },
    async kill() {
      await worker!.stop();
      const answer = await fetch(`${worker!.url}/healthz`).catch((error: Error) => error.cause);
      if ((answer as { code?: string }).code !== 'ECONNREFUSED')
        throw new Error(`expected that nobody listens at ${worker!.url}, got ${answer}`);
    },
    send: (path, init = {}) =>
      fetch(`${worker!.url}${path}`, {
        signal: AbortSignal.timeout(120_000),
        ...init,
        headers: { authorization: 'Bearer s3cret', ...init.headers },
      }),
    put: (name, body, headers = {}) =>
      edge.send(`/v1/namespaces/${namespace}/virtualmcpservers/${name}/status`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    async putAsync(name, body, headers) {
      const answer = await edge.put(name, body, { prefer: 'respond-async', ...headers });
      const text = await answer.text();
      if (answer.status !== 202) throw new Error(`expected 202, got ${answer.status}: ${text}`);
      return { ...JSON.parse(text), location: answer.headers.get('location') };
    },
    async ended({ location }) {
      let delivery: Delivery | undefined;
      await until(`${location} has ended`, async () => {
        delivery = (await (await edge.send(location)).json()) as Delivery;
        return delivery.state !== 'pending';
      });
      return delivery!;
    },
    records: async () =>
      ((await (await edge.send('/v1/virtualmcpservers')).json()) as { items: ResourceRecord[] }).items,
    writes: name =>
      api.requests.filter(
        ({ method, path }) =>
          (method === 'PUT' || method === 'PATCH') && (name === undefined || path.includes(`/${name}/`)),
      ).length,
    arrived: name => arrivals.filter(url => url.includes(`/${name}`)).length,
    async diskHolds(text) {
      const disk = join(folder, 'disk');
      const files = await readdir(disk, { recursive: true, withFileTypes: true });
      const contents = files
        .filter(file => file.isFile())
        .map(file => readFile(join(file.parentPath, file.name), 'latin1'));
      return (await Promise.all(contents)).some(content => content.includes(text));
    },
    async close() {
      await worker?.stop();
      for (const socket of sockets) socket.destroy();
      await new Promise(resolve => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
  return edge;
}

/** Waits for something that comes about by itself. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeout = 120_000,
): Promise<void> {
  const end = Date.now() + timeout;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${timeout} ms: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 25));
  }
}
