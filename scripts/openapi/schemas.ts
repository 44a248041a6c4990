// The schemas of the document: what goes in from the very types that the routes check with, what comes out from zod types
// that tsc compares with those of the source.
import * as z from 'zod';
import type { $ZodPipe, $ZodType } from 'zod/v4/core';
import type { Delivery, PhaseChange, ResourceRecord } from '../../src/http/model.ts';
import type { Problem, ProblemIssue } from '../../src/http/problem.ts';
import type { ResourceStatus } from '../../src/http/routes/status.ts';
import type { ReportResult } from '../../src/reporter/reporter.ts';
import {
  backendHealthType,
  backendsReportType,
  conditionType,
  discoveredBackendType,
  statusType,
} from '../../src/status/schema.ts';
import { describe } from './descriptions.ts';

export type JsonSchema = Record<string, unknown>;

const time = z.iso.datetime();
const milliseconds = z.number().min(0);
const count = z.int().min(0);

const reportResult = z.strictObject({
  outcome: z.enum(['applied', 'unchanged', 'partial', 'superseded', 'logged', 'skipped']),
  resourceVersion: z.exactOptional(z.string()),
  generation: z.exactOptional(count),
  requests: count,
  attempts: count,
  contested: z.exactOptional(z.array(z.string())),
}) satisfies z.ZodType<ReportResult>;

const resourceStatus = z.strictObject({
  namespace: z.string(),
  name: z.string(),
  resourceVersion: z.string(),
  generation: z.exactOptional(count),
  status: z.record(z.string(), z.unknown()),
}) satisfies z.ZodType<ResourceStatus>;

const errorCodes = [
  'invalid_status',
  'configuration',
  'unauthorized',
  'forbidden',
  'not_found',
  'conflict',
  'throttled',
  'too_large',
  'rejected',
  'unavailable',
  'tls',
  'protocol',
  'timeout',
  'aborted',
  'closed',
  'internal',
] as const;

const delivery = z.strictObject({
  id: z.string(),
  state: z.enum(['pending', 'delivered', 'failed']),
  acceptedAt: time,
  endedAt: z.exactOptional(time),
  duration: z.exactOptional(milliseconds),
  outcome: z.exactOptional(reportResult.shape.outcome),
  result: z.exactOptional(reportResult),
  attempts: count,
  error: z.exactOptional(z.strictObject({ code: z.enum(errorCodes), detail: z.string() })),
}) satisfies z.ZodType<Delivery>;

const phaseChange = z.strictObject({
  phase: z.enum(['Pending', 'Ready', 'Degraded', 'Failed']),
  at: time,
}) satisfies z.ZodType<PhaseChange>;

const resourceRecord = z.strictObject({
  namespace: z.string(),
  name: z.string(),
  status: statusType,
  instance: z.exactOptional(z.string()),
  observedAt: time,
  delivery,
  deliveredAt: z.exactOptional(time),
  contested: z.exactOptional(z.array(z.string())),
  timeline: z.array(phaseChange).max(50),
}) satisfies z.ZodType<ResourceRecord>;

const resourceList = z.strictObject({ items: z.array(resourceRecord) });

const problemIssue = z.strictObject({
  path: z.string(),
  message: z.string(),
}) satisfies z.ZodType<ProblemIssue>;

const problem = z.strictObject({
  title: z.string(),
  status: z.literal([400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 429, 500, 502, 503, 504]),
  code: z.enum([
    ...errorCodes,
    'malformed',
    'unauthenticated',
    'method_not_allowed',
    'unsupported_media_type',
    'slow_body',
    'stale',
  ]),
  detail: z.string(),
  requestId: z.exactOptional(z.string()),
  issues: z.exactOptional(z.array(problemIssue)),
}) satisfies z.ZodType<Problem>;

/** By the name under `#/components/schemas/`. */
const named: Readonly<Record<string, $ZodType>> = {
  Status: statusType,
  Condition: conditionType,
  DiscoveredBackend: discoveredBackendType,
  BackendsReport: backendsReportType,
  BackendHealth: backendHealthType,
  ReportResult: reportResult,
  ResourceStatus: resourceStatus,
  Delivery: delivery,
  ResourceRecord: resourceRecord,
  ResourceList: resourceList,
  PhaseChange: phaseChange,
  Problem: problem,
  ProblemIssue: problemIssue,
};

/** All schemas of the document. */
export function componentSchemas(): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, type] of Object.entries(named)) registry.add(type, { id });
  const { schemas } = z.toJSONSchema(registry, {
    io: 'input',
    unrepresentable: 'any',
    uri: id => `#/components/schemas/${id}`,
    override: ({ zodSchema, jsonSchema }) => refine(zodSchema, jsonSchema as JsonSchema),
  });
  const components: Record<string, JsonSchema> = {};
  for (const [id, schema] of Object.entries(schemas as Record<string, JsonSchema>)) {
    const { $schema: _, $id: __, ...rest } = schema;
    components[id] = describe(id, rest);
  }
  return components;
}

// Narrower than `date-time`: as Go reads it, without leap seconds and small letters.
const rfc3339 =
  '^(?!0000)\\d{4}-\\d{2}-\\d{2}T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d+)?(Z|[+-]([01]\\d|2[0-3]):[0-5]\\d)$';

/** Where null is the same as nothing it is said so, and times are narrower than JSON Schema's `date-time`. */
function refine(type: $ZodType, schema: JsonSchema): void {
  if (schema['format'] === 'date-time') schema['pattern'] = rfc3339;
  if (!isPreprocessed(type) || !['optional', 'default'].includes(type._zod.def.out._zod.def.type)) return;
  if (Array.isArray(schema['anyOf'])) schema['anyOf'] = [...schema['anyOf'], { type: 'null' }];
  else schema['type'] = [schema['type'], 'null'];
  if (Array.isArray(schema['enum'])) schema['enum'] = [...schema['enum'], null];
}

function isPreprocessed(type: $ZodType): type is $ZodPipe {
  return type._zod.def.type === 'pipe';
}
