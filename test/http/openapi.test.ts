import { readFile } from 'node:fs/promises';
import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentPath, openApiDocument, openApiText } from '../../scripts/openapi.ts';
import { createMetrics } from '../../src/http/metrics/metrics.ts';
import { document, operations, validator } from './openapi.ts';
import { json, path, serviceOf } from './stub.ts';

const resource = path.replace('/status', '');

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
    expect([...operations.keys()].sort()).toStrictEqual([...new Set(routes)].sort());
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
    const { example } = operations.get(`${method} ${template}`)!.requestBody!.content['application/json'];
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

describe('a parameter', () => {
  const parameter = (name: string) => validator(`/components/parameters/${name}/schema`);
  const status = async (target: string, headers = {}) =>
    (await serviceOf().app.request(target, { headers })).status;
  const segment = fc.oneof(
    fc.stringMatching(/^[a-z0-9.-]{1,6}$/),
    fc.stringMatching(/^[A-Za-z0-9._~-]{1,8}$/),
    fc.constantFrom('a'.repeat(63), 'a'.repeat(64), 'a'.repeat(253), 'a'.repeat(254), 'a.a', 'a..a'),
  );

  it.each(['namespace', 'name'])('%s is taken if, and only if, it is valid by the schema', async name => {
    const isValid = parameter(name);
    await fc.assert(
      fc.asyncProperty(segment, async value => {
        const target = { namespace: 'default', name: 'demo', [name]: value };
        const answer = await status(
          `/v1/namespaces/${target.namespace}/virtualmcpservers/${target.name}/status`,
        );
        // Where the URL itself is read differently, the path is another one.
        fc.pre(!/^\.\.?$/.test(value));
        expect([answer, value]).toStrictEqual([isValid(value) ? 200 : 400, value]);
      }),
      { numRuns: 300 },
    );
  });

  it('Reporter-Instance is taken if, and only if, it is valid by the schema', async () => {
    const isValid = parameter('Reporter-Instance');
    const header = fc.oneof(
      fc.stringMatching(/^[\x21-\x7e\xa1-\xff]([\x20-\x7e\xa1-\xff]{0,8}[\x21-\x7e])?$/),
      fc.constantFrom('x'.repeat(128), 'x'.repeat(129), ''),
    );
    await fc.assert(
      fc.asyncProperty(header, async value => {
        const { status } = await serviceOf().put({ phase: 'Ready' }, { ...json, 'reporter-instance': value });
        expect([status, value]).toStrictEqual([isValid(value) ? 200 : 400, value]);
      }),
      { numRuns: 300 },
    );
  });
});
