import { describe, expect, it } from 'vitest';
import { ApiError, ConfigurationError, StatusReporterError } from '../../src/errors.ts';
import { createMetrics } from '../../src/http/metrics/metrics.ts';
import { ProblemError } from '../../src/http/problem.ts';
import { conform, operations } from './openapi.ts';
import { applied, type Behaviour, json, serviceOf } from './stub.ts';

const template = '/v1/namespaces/{namespace}/virtualmcpservers/{name}';
const status = { phase: 'Ready', timestamp: '2026-01-02T03:04:05Z' };
const bodies: Readonly<Record<string, object>> = {
  [`PUT ${template}/status`]: status,
  [`POST ${template}/backends`]: { backends: [{ name: 'a', health: 'healthy' }] },
};
const writes = Object.keys(bodies);
const reads = [...operations.keys()].filter(operation => !writes.includes(operation));
const unguarded = ['/livez', '/readyz', '/healthz', '/openapi.json', '/docs'].map(path => `GET ${path}`);
const guarded = [...operations.keys()].filter(operation => !unguarded.includes(operation));

/** Sends that operation to a service, and checks the answer against the document. */
async function ask(
  operation: string,
  { app: settings, ...behaviour }: Behaviour = {},
  init: RequestInit = {},
) {
  const { app, put, store } = serviceOf({ app: { metrics: createMetrics(), ...settings }, ...behaviour });
  // So that there is a delivery to ask for, and something in the lists.
  await put(status);
  const { id } = store.list()[0]?.delivery ?? {};
  const [method, at] = operation.split(' ') as [string, string];
  const target = at
    .replace('{namespace}', 'default')
    .replace('{name}', 'demo')
    .replace('{id}', id ?? '7');
  const body = bodies[operation];
  return conform(
    await app.request(target, {
      method,
      ...(body && { headers: json, body: JSON.stringify(body) }),
      ...init,
    }),
    operation,
  );
}

const never = () => new Promise<never>(() => {});
const fail = (error: Error) => () => Promise.reject(error);
const api = (code: 'not_found' | 'conflict' | 'throttled' | 'unavailable', httpStatus: number) =>
  new ApiError(code, 'no', { httpStatus });
const unable = (error: Error): Behaviour => ({ report: fail(error), read: fail(error) });
const unknown = (error: Error): Behaviour => ({ app: { authenticate: fail(error) } });
const nobody = new ProblemError('unauthenticated', 'no', { 'www-authenticate': 'Bearer' });
const forbidding: Behaviour = {
  app: { authenticate: () => ({ name: 'x', partition: 'service', may: () => false }) },
};
const broken = () => {
  throw new TypeError('a bug');
};
const fault: Behaviour = { app: { logger: { debug: broken, info: broken, warn: broken, error: broken } } };
const unready = (check: () => Promise<never>): Behaviour => ({ app: { timeout: 20, ready: { check } } });
const slow = () => new ReadableStream({ start: controller => controller.enqueue(new Uint8Array([0x20])) });

/** Every answer that can be had of an operation. */
async function answers(operation: string): Promise<string[]> {
  const of = (behaviour?: Behaviour, init?: RequestInit) => ask(operation, behaviour, init);
  const all = [of(), of({}, { headers: { 'x-long': 'x'.repeat(20_000) } }), of(fault)];
  if (guarded.includes(operation)) {
    all.push(of(unknown(nobody)), of(unknown(new ProblemError('throttled', 'no'))));
    all.push(of(unknown(api('unavailable', 500))), of(unknown(new ConfigurationError('no'))));
    all.push(of(unknown(new StatusReporterError('timeout', 'no'))));
  }
  if (operation.includes('{name}')) all.push(of(forbidding));
  if (operation === 'GET /readyz') all.push(of(unready(fail(new Error('no')))), of(unready(never)));
  if (operation.endsWith('/status')) {
    all.push(of(unable(api('not_found', 404))), of(unable(api('throttled', 429))));
    all.push(of(unable(new StatusReporterError('tls', 'no'))), of(unable(api('unavailable', 503))));
    all.push(of(unable(new StatusReporterError('closed', 'no'))), of(unable(api('unavailable', 504))));
  }
  if (operation.endsWith('/deliveries/{id}')) all.push(of({ dispatch: { deliveries: 0 } }));
  if (writes.includes(operation)) {
    all.push(of({}, { headers: { ...json, prefer: 'respond-async' } }));
    all.push(of(unable(api('not_found', 404))), of(unable(api('conflict', 409))));
    all.push(of({}, { body: '{' }), of({}, { body: '{}' }), of({}, { headers: {} }));
    all.push(of({}, { body: JSON.stringify({ ...bodies[operation], timestamp: '2026-01-02T03:04:04Z' }) }));
    all.push(of({ app: { maxBody: 10 } }));
    all.push(of({ app: { bodyTimeout: 20 } }, { body: slow(), duplex: 'half' } as RequestInit));
  }
  return Promise.all(all);
}

describe('answers', () => {
  it.each([...writes, ...reads])(
    'of %s are all as the document says, and the document says no more',
    async operation => {
      const documented = Object.keys(operations.get(operation)!.responses);
      expect([...new Set(await answers(operation))].sort()).toStrictEqual(
        documented.map(status => `${operation} ${status}`).sort(),
      );
    },
  );

  it('of failed deliveries and records are as the document says', async () => {
    const { app, put } = serviceOf(unable(new StatusReporterError('tls', 'no')));
    const accepted = await put(status, { ...json, prefer: 'respond-async', 'reporter-instance': 'pod-1' });
    const location = accepted.headers.get('location')!;
    await conform(await app.request(location), `GET ${template}/deliveries/{id}`);
    await conform(await app.request('/v1/virtualmcpservers'), 'GET /v1/virtualmcpservers');
    const contested = serviceOf({ report: () => ({ ...applied, contested: ['phase'] }) });
    await contested.put(status);
    await conform(await contested.app.request('/v1/virtualmcpservers'), 'GET /v1/virtualmcpservers');
  });
});
