// A reporter with an object of its own, everything it sends on record, and the other writers it lives with.
import { expect, onTestFinished } from 'vitest';
import type { K8sReporterOptions } from '../../../src/reporter/kubernetes/options.ts';
import { K8sReporter } from '../../../src/reporter/kubernetes.ts';
import type { Status } from '../../../src/status/types.ts';
import type { Credentials, Transport, TransportRequest } from '../../../src/types.ts';
import { collection, group, virtualMcpServer } from '../http/subject.ts';
import type { Target, TargetRule } from '../target.ts';

/** A target that reporters can reach too. */
export interface ReporterTarget extends Target {
  /** Base URL of the API server. */
  readonly server: string;
  /** The administrator's token. */
  readonly adminToken: string;
  /** A transport that trusts the server. */
  readonly transport: Transport;
}

/** What a reporter sent, and how it was answered. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType: string | undefined;
  readonly body: any;
  readonly status: number;
  /** Characters of the answer's body. */
  readonly received: number;
}

export interface Subject {
  readonly namespace: string;
  readonly name: string;
  readonly path: string;
  readonly exchanges: Exchange[];
  /** A reporter; by default as administrator, with strategy `apply` and a clock that stands still. */
  reporter(options?: Partial<K8sReporterOptions> & { token?: string }): K8sReporter;
  /** A ServiceAccount's token with these rights in the subject's namespace. */
  identity(rules: TargetRule[]): Promise<string>;
  /** The object as it is now. */
  get(): Promise<any>;
  create(extra?: object): Promise<any>;
  remove(): Promise<void>;
  /** The operator: reads the object, changes its status, PUTs the whole of it, as a Go program does. */
  operatorPut(change: (status: any) => void): Promise<any>;
  /** Changes the spec, so that `generation` moves. */
  changeSpec(): Promise<any>;
  /** Runs before the next request that `matches`. */
  before(matches: (request: TransportRequest) => boolean, run: () => Promise<unknown>): void;
  /** The clock of all its reporters. */
  readonly clock: { now: number };
}

export async function createSubject(target: ReporterTarget, { version = 'v1beta1' } = {}): Promise<Subject> {
  const namespace = await target.namespace();
  const name = 'demo';
  const objects = collection(namespace, version);
  const path = `${objects}/${name}`;
  const exchanges: Exchange[] = [];
  const hooks: { matches(request: TransportRequest): boolean; run(): Promise<unknown> }[] = [];
  const clock = { now: Date.parse('2026-01-02T03:04:05Z') };

  async function request(method: string, path: string, body?: unknown, expected = 200): Promise<any> {
    const answer = await target.request(method, path, body === undefined ? {} : { body });
    expect(answer.status, answer.text).toBe(expected);
    return answer.json;
  }

  /** A write by somebody else, seen by the API server's cache too: a cached read of the reporter must find it. */
  async function write(method: string, path: string, body: unknown, expected = 200): Promise<any> {
    const object = await request(method, path, body, expected);
    const { name, resourceVersion } = object.metadata;
    await request('GET', `${objects}/${name}?resourceVersion=${resourceVersion}`);
    return object;
  }

  const transport: Transport = {
    async request(outgoing) {
      const hook = hooks.findIndex(({ matches }) => matches(outgoing));
      if (hook >= 0) await hooks.splice(hook, 1)[0]!.run();
      const response = await target.transport.request(outgoing);
      const url = new URL(outgoing.url);
      exchanges.push({
        method: outgoing.method,
        path: url.pathname,
        query: url.searchParams,
        contentType: outgoing.headers['content-type'] as string | undefined,
        body: outgoing.body === undefined ? undefined : JSON.parse(outgoing.body),
        status: response.status,
        received: response.text.length,
      });
      return response;
    },
    close: async () => {},
  };

  const subject: Subject = {
    namespace,
    name,
    path,
    exchanges,
    clock,
    reporter({ token = target.adminToken, ...options } = {}) {
      const reporter = new K8sReporter({
        namespace,
        name,
        credentials: fixedCredentials(target.server, token),
        transport,
        now: () => clock.now,
        random: () => 0.01,
        ...options,
      });
      // A report that was meant to fail fails again when it is flushed.
      onTestFinished(() => reporter[Symbol.asyncDispose]().catch(() => {}));
      return reporter;
    },
    identity: async rules => (await target.identity(namespace, rules)).token,
    get: () => request('GET', path),
    create: (extra = {}) =>
      write('POST', objects, { ...virtualMcpServer(name), apiVersion: `${group}/${version}`, ...extra }, 201),
    remove: () => request('DELETE', path),
    async operatorPut(change) {
      const object = await request('GET', path);
      object.status ??= {};
      change(object.status);
      return write('PUT', `${path}/status?fieldManager=thv-operator`, object);
    },
    async changeSpec() {
      const object = await request('GET', path);
      object.spec.groupRef = { name: `${object.spec.groupRef.name}-2` };
      return write('PUT', path, object);
    },
    before: (matches, run) => hooks.push({ matches, run }),
  };
  await subject.create();
  return subject;
}

export function fixedCredentials(server: string, token: string): Credentials {
  const access = { server, token };
  return { source: 'test', access: async () => access };
}

/** What a healthy gateway with some backends reports. */
export function report(backends: string[] = ['a', 'b'], extra: Partial<Status> = {}): Status {
  return {
    phase: 'Ready',
    message: 'All is well',
    backendCount: backends.length,
    conditions: [
      { type: 'Ready', status: 'True', reason: 'AllBackendsRoutable', message: '' },
      { type: 'BackendsDiscovered', status: 'True', reason: 'BackendsDiscovered', message: '' },
    ],
    discoveredBackends: backends.map(name => ({
      name,
      url: `http://${name}.test/mcp`,
      status: 'ready',
      lastHealthCheck: '2026-01-02T03:04:00Z',
    })),
    ...extra,
  };
}

export const isWrite = ({ method, url }: TransportRequest) => method !== 'GET' && url.includes('/status');
