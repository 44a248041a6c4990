// What the parts of the schemas mean, for people.
import type { JsonSchema } from './schemas.ts';

type Descriptions = Readonly<Record<string, Readonly<Record<string, string>>>>;

const condition = 'One observation, as `metav1.Condition`.';

/** By schema, then by property; `self` is the schema itself. */
const descriptions: Descriptions = {
  Status: {
    self: 'A complete report. What it leaves out is removed from the resource, as far as the service owns it. `null` is the same as nothing.',
    phase: 'Phase of the virtual MCP server.',
    message: 'For people.',
    conditions: 'Observations; their types differ.',
    discoveredBackends: 'Health of every backend; their names differ.',
    backendCount: 'Backends that can take requests.',
    observedGeneration: 'Generation of the spec that the runtime runs with.',
    timestamp:
      'When the runtime observed this. Reports of one instance that are older than its last one are refused as stale; more than 60 s in the future is invalid. Default: the arrival.',
  },
  Condition: {
    self: condition,
    type: '`CamelCase`, or `domain/CamelCase`.',
    status: 'Whether it holds.',
    reason: 'Identifier for programs.',
    message: 'For people.',
    lastTransitionTime:
      'When `status` last flipped. Used only where it did: else the time in the cluster stays.',
    observedGeneration: 'Generation of the spec that this was observed for.',
  },
  DiscoveredBackend: {
    self: 'Health of one backend, as the resource shows it.',
    status: '`ready`, `degraded`, `unavailable`, `unauthenticated` or `unknown`.',
    authConfigRef: "Name of the backend's `MCPExternalAuthConfig`.",
    mcpRevision: 'Negotiated MCP protocol revision, such as `2025-11-25`.',
  },
  BackendsReport: {
    self: 'Raw health of the backends. The service builds the status from it: phase, message, conditions and counts.',
    backends: 'Every backend that was checked; their names differ.',
    configuredCount: 'How many are configured, checked or not. Default: as many as are given.',
    timestamp: 'When they were observed, as `timestamp` of a status.',
  },
  BackendHealth: {
    self: 'One backend as the health checks of the gateway see it.',
    health:
      '`unauthenticated`: it asks for credentials, and none are configured for it; it still takes requests.',
    lastCheck: 'When it was last checked.',
    error:
      'Why the last check failed: text, or an object with a `message`. Only its category is reported, never its text.',
    consecutiveFailures: 'Failed checks in a row.',
  },
  ReportResult: {
    self: 'What became of a report.',
    outcome:
      '`applied`: written. `unchanged`: the resource says it already. `partial`: written, but something stale that another manager also holds stayed. `superseded`: a later report took its place before it was sent.',
    resourceVersion: 'Of the object that says what the report says.',
    generation: 'Of that object.',
    requests: 'HTTP requests that the report took.',
    attempts: 'Times the exchange was begun: 1, and one more for every conflict.',
    contested:
      'Parts left alone for now because somebody keeps changing them back: `phase`, `conditions/Ready`.',
  },
  ResourceStatus: {
    self: 'What the cluster says of a resource.',
    status: 'The whole status, what others wrote included; empty where nobody has written any.',
  },
  Delivery: {
    self: 'How far the delivery of a report is.',
    state: '`delivered` is also the state of a report whose place a later one took: `outcome` says so.',
    duration: 'Milliseconds from the arrival to the end.',
    attempts: 'Times delivery was tried.',
    error: 'Why it failed, or was not yet delivered.',
  },
  ResourceRecord: {
    self: 'The last report on a resource, and what became of it.',
    instance: 'Which process of the gateway sent it.',
    observedAt: 'When it was observed.',
    deliveredAt: 'When a delivery last succeeded.',
    contested: 'Parts of the status that somebody keeps changing back.',
    timeline: 'Changes of phase, the latest last.',
  },
  ResourceList: { self: 'By namespace and name; only what the caller may read.' },
  PhaseChange: { self: 'A change of phase.' },
  Problem: {
    self: 'The body of every error (RFC 9457).',
    title: 'The HTTP status in words.',
    code: 'What went wrong, for programs. Stable.',
    requestId: 'Finds the request in the log of the service.',
    issues: 'Every fault of the body.',
  },
  ProblemIssue: {
    self: 'One fault of a body.',
    path: 'JSON pointer (RFC 6901) into the body: `/conditions/0/type`.',
  },
};

/** The schema with its descriptions. Throws where one names nothing. */
export function describe(id: string, schema: JsonSchema): JsonSchema {
  const { self, ...rest } = descriptions[id] ?? {};
  const properties = { ...(schema['properties'] as Record<string, JsonSchema>) };
  for (const [name, description] of Object.entries(rest)) {
    const property = properties[name];
    if (property === undefined) throw new Error(`${id} has no property ${name}, but a description of it`);
    properties[name] = { ...property, description };
  }
  return { ...(self !== undefined && { description: self }), ...schema, properties };
}
