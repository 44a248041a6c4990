/**
 * A report in the form that a Go round trip leaves alone: UTC times in whole seconds, zero values left out where Go
 * marks `omitempty`, backends sorted by name.
 */

import type { BackendDocument } from './document.ts';
import { toRfc3339 } from './time.ts';
import type { Condition, ConditionStatus, DiscoveredBackend, Phase, Status } from './types.ts';

/** A condition of a report; when it last flipped is decided against the cluster's own. */
export interface CanonicalCondition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly observedGeneration?: number;
  readonly lastTransitionTime?: string;
  readonly reason: string;
  readonly message: string;
}

/** A report, canonical. */
export interface CanonicalStatus {
  readonly phase: Phase;
  readonly message: string;
  readonly backendCount: number;
  /** The caller's generation, where given. */
  readonly observedGeneration: number | undefined;
  readonly conditions: readonly CanonicalCondition[];
  readonly discoveredBackends: readonly BackendDocument[];
}

/** @param status a report that `parseStatus` accepted */
export function canonicalStatus(status: Status): CanonicalStatus {
  return {
    phase: status.phase,
    message: status.message ?? '',
    backendCount: status.backendCount ?? 0,
    observedGeneration: status.observedGeneration,
    conditions: (status.conditions ?? []).map(canonicalCondition),
    discoveredBackends: (status.discoveredBackends ?? []).map(canonicalBackend).sort(byName),
  };
}

function canonicalCondition(condition: Condition): CanonicalCondition {
  return {
    type: condition.type,
    status: condition.status,
    ...(condition.observedGeneration && { observedGeneration: condition.observedGeneration }),
    ...(condition.lastTransitionTime && { lastTransitionTime: toRfc3339(condition.lastTransitionTime) }),
    reason: condition.reason,
    message: condition.message,
  };
}

// One conditional assignment per field: half a report's cost is here, and spreads would double it.
function canonicalBackend(backend: DiscoveredBackend): BackendDocument {
  const out: { -readonly [K in keyof BackendDocument]: BackendDocument[K] } & { name: string } = {
    name: backend.name,
  };
  if (backend.url) out.url = backend.url;
  if (backend.status) out.status = backend.status;
  if (backend.authType) out.authType = backend.authType;
  if (backend.authConfigRef) out.authConfigRef = backend.authConfigRef;
  if (backend.lastHealthCheck) out.lastHealthCheck = toRfc3339(backend.lastHealthCheck);
  if (backend.message) out.message = backend.message;
  if (backend.circuitBreakerState) out.circuitBreakerState = backend.circuitBreakerState;
  if (backend.circuitLastChanged) out.circuitLastChanged = toRfc3339(backend.circuitLastChanged);
  if (backend.consecutiveFailures) out.consecutiveFailures = backend.consecutiveFailures;
  if (backend.mcpRevision) out.mcpRevision = backend.mcpRevision;
  return out;
}

// By code unit, as Go's sort.Strings orders the names that Kubernetes allows.
function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
