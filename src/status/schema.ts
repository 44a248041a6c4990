import * as z from 'zod';
import type { BackendHealth, BackendsReport } from './backend-health.ts';
import { int32 } from './leaf.ts';
import { isInstant, isRfc3339 } from './time.ts';
import type { Condition, DiscoveredBackend, Status } from './types.ts';

/**
 * What a report may say: the limits of the VirtualMCPServer CRD and of `metav1.Condition`. The one description of it:
 * `npm run schema` writes schema.json from it, by which reports are checked, and `npm run openapi` the API document.
 * Nothing that runs imports this module, so that zod is no part of what is installed.
 */

/** Text that survives JSON, Go and etcd: no NUL, no half of a surrogate pair. */
const text = z.string().refine(value => value.isWellFormed() && !value.includes('\0'));

/** What JSON Schema says of {@link text} with limits. */
interface TextLimits {
  minLength?: number;
  /** In code points, as the API server counts. */
  maxLength: number;
  pattern?: string;
  /** What the pattern means, for people. */
  description?: string;
}

function limited(limits: TextLimits) {
  const { minLength = 0, maxLength, pattern = '' } = limits;
  const form = new RegExp(pattern);
  return text
    .refine(value => value.length >= minLength && [...value].length <= maxLength && form.test(value))
    .meta({ ...limits });
}

/** RFC 3339 as Go reads it. A `Date` becomes such text, with its milliseconds. */
const time = z
  .preprocess(
    value => (value instanceof Date && isInstant(value.getTime()) ? value.toISOString() : value),
    z.string().refine(isRfc3339),
  )
  .meta({ format: 'date-time' });

const count = z.int().min(0).max(int32);
const generation = z.int().min(0);

/** A list whose items differ in their `key`: Kubernetes' words for it, since JSON Schema has none. */
function keyedList<Key extends string, Type extends z.ZodType<Record<Key, unknown>>>(item: Type, key: Key) {
  return z
    .array(item)
    .check(({ value, issues }) => {
      const names = value.map(item => item[key]);
      for (const [index, name] of names.entries()) {
        if (names.indexOf(name) < index) issues.push({ code: 'custom', path: [index, key], input: value });
      }
    })
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [key] });
}

/** Absent, or null, which is the same everywhere in the Kubernetes API. What runs leaves both out, hence the type. */
function maybe<Type extends z.ZodType>(type: Type): z.ZodExactOptional<Type> {
  return z.preprocess(value => value ?? undefined, type.optional()) as unknown as z.ZodExactOptional<Type>;
}

const maybeText = maybe(text);
const maybeTime = maybe(time);
const circuitBreakerState = maybe(z.enum(['closed', 'open', 'half-open']));

/** A {@link Condition}. */
export const conditionType = z.strictObject({
  type: limited({
    maxLength: 316,
    pattern:
      '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\\/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
    description: 'CamelCase or domain/CamelCase',
  }),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: limited({
    minLength: 1,
    maxLength: 1024,
    pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
    description: 'a CamelCase identifier',
  }),
  message: z.preprocess(value => value ?? undefined, limited({ maxLength: 32_768 }).default('')),
  lastTransitionTime: maybeTime,
  observedGeneration: maybe(generation),
}) satisfies z.ZodType<Condition>;

/** A {@link DiscoveredBackend}. */
export const discoveredBackendType = z.strictObject({
  name: text,
  url: maybeText,
  status: maybeText,
  authType: maybeText,
  authConfigRef: maybeText,
  lastHealthCheck: maybeTime,
  message: maybeText,
  circuitBreakerState,
  circuitLastChanged: maybeTime,
  consecutiveFailures: maybe(count),
  mcpRevision: maybeText,
}) satisfies z.ZodType<DiscoveredBackend>;

/** A {@link Status}. */
export const statusType = z.strictObject({
  phase: z.enum(['Pending', 'Ready', 'Degraded', 'Failed']),
  message: maybeText,
  conditions: maybe(keyedList(conditionType, 'type')),
  discoveredBackends: maybe(keyedList(discoveredBackendType, 'name')),
  backendCount: maybe(count),
  observedGeneration: maybe(generation),
  timestamp: maybeTime,
}) satisfies z.ZodType<Status>;

/** Anything like an `Error`, also one of another realm. */
const errorLike = z
  .custom<Error>(value => typeof value === 'object' && value !== null && 'message' in value)
  .meta({ type: 'object', required: ['message'] });

/** A {@link BackendHealth}. */
export const backendHealthType = z.strictObject({
  name: text.refine(value => value !== '').meta({ minLength: 1 }),
  url: maybeText,
  health: z.enum(['healthy', 'degraded', 'unhealthy', 'unauthenticated', 'unknown']),
  authType: maybeText,
  authConfigRef: maybeText,
  lastCheck: maybeTime,
  error: maybe(z.union([z.string(), errorLike])),
  circuitBreakerState,
  circuitLastChanged: maybeTime,
  consecutiveFailures: maybe(count),
  mcpRevision: maybeText,
}) satisfies z.ZodType<BackendHealth>;

/** A {@link BackendsReport}. */
export const backendsReportType = z.strictObject({
  backends: keyedList(backendHealthType, 'name'),
  configuredCount: maybe(count),
  timestamp: maybeTime,
}) satisfies z.ZodType<BackendsReport>;
