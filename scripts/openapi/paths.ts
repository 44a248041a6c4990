// The operations of the document. A test compares them with the routes.

type Json = Readonly<Record<string, unknown>>;

const ref = (name: string) => ({ $ref: `#/components/${name}` });
const json = (schema: string, example?: unknown) => ({
  'application/json': { schema: ref(`schemas/${schema}`), ...(example !== undefined && { example }) },
});
const answer = (description: string, content?: Json, headers?: Json) => ({
  description,
  ...(headers && { headers }),
  ...(content && { content }),
});
const text = (type: string) => ({ [type]: { schema: { type: 'string' } } });

const retryAfter = { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } };

/** What comes with a problem, by HTTP status. */
const headers: Readonly<Record<string, Json>> = {
  401: { 'WWW-Authenticate': { description: 'What to send (RFC 9110).', schema: { type: 'string' } } },
  429: retryAfter,
  503: retryAfter,
};

/** What each problem means, by HTTP status. */
const problems: Readonly<Record<number, string>> = {
  400: 'The path, a header or the body cannot be read.',
  401: 'The caller does not say who it is, or nobody knows it.',
  403: 'The caller, or the service, may not do this.',
  404: 'The resource, or the delivery, is not there.',
  408: 'The body did not arrive in time.',
  409: 'A newer report was accepted before (`stale`), or somebody else kept writing (`conflict`).',
  413: 'The body is too large, or the object would be for the store of the API server.',
  415: 'The body is not JSON, or is compressed.',
  422: 'The report is invalid; `issues` lists every fault.',
  429: 'Too much is asked for at once.',
  500: 'A fault of the service.',
  502: 'The API server cannot be reached or understood, or does not accept the credential of the service.',
  503: 'The service is shutting down or not set up, or the API server is not available.',
  504: 'The API server did not answer in time.',
};

function failures(...statuses: number[]): Json {
  return Object.fromEntries(statuses.map(status => [String(status), ref(`responses/${status}`)]));
}

const always = [400, 500];
const guarded = [...always, 401, 429, 502, 503, 504];
const writing = [...guarded, 403, 404, 408, 409, 413, 415, 422];

const report = (id: string, summary: string, schema: string, example: unknown): Json => ({
  operationId: id,
  summary,
  tags: ['reports'],
  parameters: [ref('parameters/Prefer'), ref('parameters/Reporter-Instance')],
  requestBody: { required: true, content: json(schema, example) },
  responses: {
    200: answer('Delivered.', json('ReportResult')),
    202: answer('Accepted, with `Prefer: respond-async`; the delivery goes on.', json('Delivery'), {
      Location: { description: 'Where the state of the delivery can be read.', schema: { type: 'string' } },
      'Preference-Applied': { schema: { const: 'respond-async' } },
    }),
    ...failures(...writing),
  },
});

const probe = (id: string, summary: string, more: Json = {}): Json => ({
  operationId: id,
  summary,
  tags: ['operation'],
  security: [],
  parameters: [ref('parameters/verbose'), ref('parameters/exclude')],
  responses: { 200: answer('Well.', text('text/plain')), ...more, ...failures(...always) },
});

const open = (id: string, summary: string, type: string, content: Json = text(type)): Json => ({
  operationId: id,
  summary,
  tags: ['operation'],
  security: [],
  responses: { 200: answer(summary, content), ...failures(...always) },
});

const page = (id: string, summary: string, type: string): Json => ({
  operationId: id,
  summary,
  tags: ['operation'],
  responses: { 200: answer(summary, text(type)), ...failures(...guarded) },
});

const status = {
  phase: 'Degraded',
  message: '1 of 2 backends can take requests',
  discoveredBackends: [
    { name: 'github', url: 'https://github.example.com/mcp', status: 'ready' },
    { name: 'jira', url: 'https://jira.example.com/mcp', status: 'unavailable', consecutiveFailures: 3 },
  ],
  backendCount: 1,
};

const backends = {
  backends: [
    { name: 'github', url: 'https://github.example.com/mcp', health: 'healthy' },
    { name: 'jira', url: 'https://jira.example.com/mcp', health: 'unhealthy', error: 'connect ETIMEDOUT' },
  ],
};

const resource = '/v1/namespaces/{namespace}/virtualmcpservers/{name}';
const target = [ref('parameters/namespace'), ref('parameters/name')];

export const paths: Json = {
  [`${resource}/status`]: {
    parameters: target,
    put: report('reportStatus', 'Report a complete status', 'Status', status),
    get: {
      operationId: 'readStatus',
      summary: 'Read what the cluster says now',
      tags: ['reports'],
      responses: {
        200: answer('The status of the resource.', json('ResourceStatus')),
        ...failures(...guarded, 403, 404),
      },
    },
  },
  [`${resource}/backends`]: {
    parameters: target,
    post: report('reportBackends', 'Report the health of the backends', 'BackendsReport', backends),
  },
  [`${resource}/deliveries/{id}`]: {
    parameters: [...target, ref('parameters/delivery')],
    get: {
      operationId: 'readDelivery',
      summary: 'Read how far the delivery of a report is',
      tags: ['reports'],
      responses: { 200: answer('The delivery.', json('Delivery')), ...failures(...guarded, 403, 404) },
    },
  },
  '/v1/virtualmcpservers': {
    get: {
      operationId: 'listResources',
      summary: 'List what this service has reported',
      tags: ['resources'],
      responses: {
        200: answer('The last report on every resource that the caller may read.', json('ResourceList')),
        ...failures(...guarded),
      },
    },
  },
  '/v1/events': {
    get: {
      operationId: 'watchResources',
      summary: 'Watch what this service reports',
      description:
        'Server-sent events: first the current records, then every change, each an event `record` whose data is a `ResourceRecord`. A slow reader gets the latest record of each resource. A comment comes every few seconds.',
      tags: ['resources'],
      parameters: [ref('parameters/Last-Event-ID')],
      responses: {
        200: answer('Events, until one side ends them.', text('text/event-stream')),
        ...failures(...guarded),
      },
    },
  },
  '/livez': { get: probe('live', 'Whether the process is alive') },
  '/readyz': {
    get: probe('ready', 'Whether reports can be delivered', {
      503: answer('Not well; every check with its reason.', text('text/plain'), retryAfter),
      ...failures(504),
    }),
  },
  '/healthz': { get: probe('healthy', 'Whether the process is alive; the older name of it') },
  '/metrics': { get: page('metrics', 'Metrics in the text format of Prometheus', 'text/plain') },
  '/openapi.json': {
    get: open('openapi', 'This document', '', { 'application/json': { schema: { type: 'object' } } }),
  },
  '/docs': { get: open('docs', 'This document for people', 'text/html') },
  '/': { get: page('page', 'Every virtual MCP server, live', 'text/html') },
  '/page/events': { get: page('pageEvents', 'What keeps the page live', 'text/event-stream') },
};

export const responses: Json = Object.fromEntries(
  Object.entries(problems).map(([code, description]) => [
    code,
    answer(description, { 'application/problem+json': { schema: ref('schemas/Problem') } }, headers[code]),
  ]),
);
