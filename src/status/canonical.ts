/**
 * A report in the form that a Go round trip leaves alone: UTC times in whole seconds, zero values left out where Go
 * marks `omitempty`, backends sorted by name.
 */

import type { Mutable } from '../defined.ts';
import type { BackendDocument } from './document.ts';
import { toRfc3339 } from './time.ts';
import type { Condition, ConditionStatus, DiscoveredBackend, Phase, Status, Time } from './types.ts';

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
  const { type, status, observedGeneration, reason, message } = condition;
  const lastTransitionTime = canonicalTime(condition.lastTransitionTime);
  const out: Mutable<CanonicalCondition> = { type, status, reason, message };
  if (observedGeneration) out.observedGeneration = observedGeneration;
  if (lastTransitionTime) out.lastTransitionTime = lastTransitionTime;
  return out;
}

/** The members of a backend after its name, in the order of the Go struct. */
const members = [
  'url',
  'status',
  'authConfigRef',
  'authType',
  'lastHealthCheck',
  'message',
  'circuitBreakerState',
  'circuitLastChanged',
  'consecutiveFailures',
  'mcpRevision',
] as const;

function canonicalBackend(backend: DiscoveredBackend): BackendDocument {
  const out: Record<string, unknown> & { name: string } = { name: backend.name };
  for (const member of members) {
    const isTime = member === 'lastHealthCheck' || member === 'circuitLastChanged';
    const value = isTime ? canonicalTime(backend[member]) : backend[member];
    if (value) out[member] = value;
  }
  return out as BackendDocument;
}

/** Go's zero time stands for none. */
function canonicalTime(time: Time | undefined): string | undefined {
  const text = time && toRfc3339(time);
  return text === '0001-01-01T00:00:00Z' ? undefined : text;
}

// By code unit, as Go's sort.Strings orders the names that Kubernetes allows.
function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
