import type { BackendHealth } from './backend-health.ts';
import { count, custom, optional, text, time, word } from './leaf.ts';
import { list, optionalList, record } from './record.ts';
import type { Condition, DiscoveredBackend, Status } from './types.ts';

/** What a report may say: the limits of the VirtualMCPServer CRD and of `metav1.Condition`. */

export const int32 = 2_147_483_647;
const qualifiedName =
  /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$/;
const identifier = /^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/;
const anyText = optional(text());
const anyTime = optional(time());
const generation = optional(count(Number.MAX_SAFE_INTEGER));
const circuitBreakerState = optional(word(['closed', 'open', 'half-open']));

/** A {@link Condition}. */
export const conditionType = record<Condition>({
  type: text({ maxLength: 316, pattern: qualifiedName, meaning: 'CamelCase or domain/CamelCase' }),
  status: word(['True', 'False', 'Unknown']),
  reason: text({ minLength: 1, maxLength: 1024, pattern: identifier, meaning: 'a CamelCase identifier' }),
  message: optional(text({ maxLength: 32_768 }), ''),
  lastTransitionTime: anyTime,
  observedGeneration: generation,
});

/** A {@link DiscoveredBackend}. */
export const discoveredBackendType = record<DiscoveredBackend>({
  name: text(),
  url: anyText,
  status: anyText,
  authType: anyText,
  authConfigRef: anyText,
  lastHealthCheck: anyTime,
  message: anyText,
  circuitBreakerState,
  circuitLastChanged: anyTime,
  consecutiveFailures: optional(count(int32)),
  mcpRevision: anyText,
});

/** A {@link Status}. */
export const statusType = record<Status>({
  phase: word(['Pending', 'Ready', 'Degraded', 'Failed']),
  message: anyText,
  conditions: optionalList(conditionType, 'type'),
  discoveredBackends: optionalList(discoveredBackendType, 'name'),
  backendCount: optional(count(int32)),
  observedGeneration: generation,
  timestamp: anyTime,
});

/** {@link BackendHealth} of every backend. */
export const backendsType = list(
  record<BackendHealth>({
    name: text({ minLength: 1 }),
    url: anyText,
    health: word(['healthy', 'degraded', 'unhealthy', 'unauthenticated', 'unknown']),
    authType: anyText,
    authConfigRef: anyText,
    lastCheck: anyTime,
    error: optional(custom<Error | string>('an Error or text', isError)),
    circuitBreakerState,
    circuitLastChanged: anyTime,
    consecutiveFailures: optional(count(int32)),
    mcpRevision: anyText,
  }),
  'name',
);

/** Text or anything like an `Error`, also one of another realm. */
function isError(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null && 'message' in value);
}
