import { readFile } from 'node:fs/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentPath, openApiDocument, openApiText } from '../../scripts/openapi.ts';
import { ApiError, StatusReporterError } from '../../src/errors.ts';
import { createMetrics } from '../../src/http/metrics/metrics.ts';
import { applied, type Behaviour, json, path, serviceOf } from './stub.ts';

const document = JSON.parse(openApiText()) as ReturnType<typeof openApiDocument>;
const resource = path.replace('/status', '');
const templates = document.paths as Record<string, Record<string, unknown>>;

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema({ ...document, $id: 'document' });

/** Checks a value against a part of the document. */
const validator = (pointer: string) => ajv.compile({ $ref: `document#${pointer}` });

/** `GET /livez` and all others of the document. */
function operations(): string[] {
  const all = Object.entries(templates).flatMap(([path, item]) =>
    Object.keys(item)
      .filter(key => key !== 'parameters')
      .map(method => `${method.toUpperCase()} ${path}`),
  );
  return all.sort();
}

describe('the document', () => {
  it('is the one that its sources make: npm run openapi', async () => {
    expect(await readFile(documentPath, 'utf8')).toBe(openApiText());
  });

  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(openApiDocument())).toMatchObject({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('is what the service serves', async () => {
    expect(await (await serviceOf().app.request('/openapi.json')).json()).toStrictEqual(document);
  });

  it('has every route of the service, and no other', () => {
    const { app } = serviceOf({ app: { metrics: createMetrics() } });
    const routes = app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect(operations()).toStrictEqual([...new Set(routes)].sort());
  });
});

const status = {
  phase: 'Ready',
  message: 'fine',
  conditions: [
    { type: 'example.com/Ready', status: 'True', reason: 'AllWell', message: '', observedGeneration: 3 },
  ],
  discoveredBackends: [
    { name: 'a', url: 'https://a', circuitBreakerState: 'half-open', consecutiveFailures: 2 },
    { name: 'b', lastHealthCheck: '2026-01-02T03:04:05.5+01:00' },
  ],
  backendCount: 1,
  observedGeneration: 3,
  timestamp: '2026-01-02T03:04:05Z',
};

const backends = {
  backends: [
    { name: 'a', health: 'healthy', url: 'https://a', lastCheck: '2026-01-02T03:04:05Z' },
    { name: 'b', health: 'unhealthy', error: 'connect ETIMEDOUT', consecutiveFailures: 2 },
    { name: 'c', health: 'degraded', error: { message: 'slow' } },
  ],
  configuredCount: 4,
  timestamp: '2026-01-02T03:04:05Z',
};

/** Values to put anywhere into a body; most of them are wrong in most places. */
const junk = fc.constantFrom<unknown>(
  null,
  true,
  0,
  -1,
  1.5,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 53,
  '',
  'x',
  'Ready',
  'True',
  'open',
  'healthy',
  'no identifier',
  '-',
  'A'.repeat(317),
  'A'.repeat(1025),
  '𝒳'.repeat(316),
  '2026-01-02T03:04:05Z',
  '2026-01-02T03:04:05.123456789-23:59',
  '2026-02-30T03:04:05Z',
  '2026-01-02t03:04:05z',
  '2016-12-31T23:59:60Z',
  '0000-01-01T00:00:00Z',
  '2026-01-02',
  [],
  {},
  [null],
  { message: 'x' },
);

/** The body with one place of it replaced, added or left out. */
function mutants(body: object) {
  const places: (string | number)[][] = [];
  const walk = (value: unknown, at: (string | number)[]) => {
    places.push(at);
    if (typeof value !== 'object' || value === null) return;
    if (!Array.isArray(value)) places.push([...at, 'unknown']);
    for (const [key, child] of Object.entries(value))
      walk(child, [...at, Array.isArray(value) ? Number(key) : key]);
  };
  walk(body, []);
  const remove = Symbol('remove');
  return fc
    .tuple(fc.constantFrom(...places), fc.oneof({ weight: 8, arbitrary: junk }, fc.constant(remove)))
    .map(([at, value]) => {
      if (at.length === 0) return value === remove ? {} : value;
      const copy = structuredClone(body);
      let parent: any = copy;
      for (const key of at.slice(0, -1)) parent = parent[key];
      const last = at.at(-1)!;
      if (value !== remove) parent[last] = value;
      else if (Array.isArray(parent)) parent.splice(Number(last), 1);
      else delete parent[last];
      return copy;
    });
}

const bodies = [
  ['PUT', `${resource}/status`, 'Status', status],
  ['POST', `${resource}/backends`, 'BackendsReport', backends],
] as const;

describe.each(bodies)('a body of %s %s', (method, target, schema, sample) => {
  const isValid = validator(`/components/schemas/${schema}`);
  // Each its own service: times of the samples are not in order.
  const send = async (body: unknown) =>
    (await serviceOf().app.request(target, { method, headers: json, body: JSON.stringify(body) })).status;

  it('is taken as the sample, and as the example of the document', async () => {
    const template = target.replace('/default/', '/{namespace}/').replace('/demo/', '/{name}/');
    const operation = templates[template]![method.toLowerCase()] as any;
    const { example } = operation.requestBody.content['application/json'];
    for (const body of [sample, example])
      expect([isValid(body), await send(body)]).toStrictEqual([true, 200]);
  });

  it('is taken by the route if, and only if, it is valid by the schema', async () => {
    await fc.assert(
      fc.asyncProperty(mutants(sample), async body => {
        // Names that are there twice: JSON Schema has no word for that, and the document says so in Kubernetes' words.
        fc.pre(!isDuplicate(body));
        expect([await send(body), body]).toStrictEqual([isValid(body) ? 200 : 422, body]);
      }),
      { numRuns: 600 },
    );
  });
});

function isDuplicate(body: any): boolean {
  const lists = [body?.conditions, body?.discoveredBackends, body?.backends].filter(Array.isArray);
  return lists.some(list => {
    const keys = list.map((item: any) => item?.type ?? item?.name);
    return new Set(keys).size < keys.length;
  });
}

/** Checks an answer against what the document says of that operation. */
async function conform(answer: Response, method: string, template: string): Promise<string> {
  const pointer = `/paths/${token(template)}/${method.toLowerCase()}/responses/${answer.status}`;
  const operation = templates[template]![method.toLowerCase()] as { responses: Record<string, any> };
  const described = operation.responses[answer.status];
  expect(described, `${method} ${template}: ${answer.status}`).toBeDefined();
  const at = described.$ref ? described.$ref.slice(1) : pointer;
  const response = described.$ref ? (document.components.responses as any)[answer.status] : described;
  const type = answer.headers.get('content-type')!.split(';')[0]!;
  expect(Object.keys(response.content)).toContain(type);
  for (const header of Object.keys(response.headers ?? {}))
    expect(answer.headers.get(header), header).not.toBeNull();
  if (type.endsWith('json')) {
    const isValid = validator(`${at}/content/${token(type)}/schema`);
    const body = await answer.json();
    isValid(body);
    expect(isValid.errors, JSON.stringify(body)).toBeNull();
  } else await answer.body?.cancel();
  return `${method} ${template} ${answer.status}`;
}

function token(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}

describe('answers', () => {
  const template = '/v1/namespaces/{namespace}/virtualmcpservers/{name}';
  const metrics = createMetrics();
  const fault = (error: Error): Behaviour => ({
    report: () => Promise.reject(error),
    read: () => Promise.reject(error),
  });
  const api = (code: 'not_found' | 'throttled' | 'unavailable' | 'conflict', httpStatus: number) =>
    new ApiError(code, 'no', { httpStatus });

  it('of every operation, good and bad, are as the document says', async () => {
    const { app, put, post, store } = serviceOf({ app: { metrics } });
    const conformed = [
      await conform(await put(status), 'PUT', `${template}/status`),
      await conform(await put(status, { ...json, prefer: 'respond-async' }), 'PUT', `${template}/status`),
      await conform(await put({ phase: 'Up' }), 'PUT', `${template}/status`),
      await conform(await put('{'), 'PUT', `${template}/status`),
      await conform(await put(status, {}), 'PUT', `${template}/status`),
      await conform(await put({ ...status, timestamp: '2020-01-01T00:00:00Z' }), 'PUT', `${template}/status`),
      await conform(await app.request(path, { method: 'PATCH' }), 'PUT', `${template}/status`),
      await conform(await app.request(path), 'GET', `${template}/status`),
      await conform(await post(`${resource}/backends`, backends), 'POST', `${template}/backends`),
    ];
    const { id } = store.list()[0]!.delivery;
    for (const [target, at] of [
      [`${resource}/deliveries/${id}`, `${template}/deliveries/{id}`],
      [`${resource}/deliveries/7`, `${template}/deliveries/{id}`],
      ...Object.keys(templates)
        .filter(at => !at.includes('{'))
        .map(at => [at, at] as const),
    ] as const)
      conformed.push(await conform(await app.request(target), 'GET', at));
    const asked = new Set(conformed.map(line => line.replace(/ \d+$/, '')));
    expect([...asked].sort()).toStrictEqual(operations());
  });

  it.each([
    [api('not_found', 404), 404],
    [api('conflict', 409), 409],
    [api('throttled', 429), 429],
    [new TypeError('a bug'), 500],
    [new StatusReporterError('tls', 'no'), 502],
    [api('unavailable', 503), 503],
    [new StatusReporterError('closed', 'no'), 503],
    [new StatusReporterError('timeout', 'no'), 504],
  ])('of a failure, %s, are too: %d', async (error, code) => {
    const { put, app } = serviceOf(fault(error));
    expect(await conform(await put(status), 'PUT', `${template}/status`)).toContain(` ${code}`);
    // What only a write can meet is not documented for a read.
    if (code !== 409) await conform(await app.request(path), 'GET', `${template}/status`);
  });

  it('of failed deliveries and records are too', async () => {
    const { app, put } = serviceOf(fault(new StatusReporterError('tls', 'no')));
    const accepted = await put(status, { ...json, prefer: 'respond-async', 'reporter-instance': 'pod-1' });
    const location = accepted.headers.get('location')!;
    await conform(await app.request(location), 'GET', `${template}/deliveries/{id}`);
    await conform(await app.request('/v1/virtualmcpservers'), 'GET', '/v1/virtualmcpservers');
    const contested = serviceOf({ report: () => ({ ...applied, contested: ['phase'] }) });
    await contested.put(status);
    await conform(await contested.app.request('/v1/virtualmcpservers'), 'GET', '/v1/virtualmcpservers');
  });
});
