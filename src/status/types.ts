/** The public shape of a report: what the CRD's `status` holds of the runtime, in the CRD's own spelling. */

/** Phase of a virtual MCP server. */
export type Phase = 'Pending' | 'Ready' | 'Degraded' | 'Failed';

/** `metav1.ConditionStatus`. */
export type ConditionStatus = 'True' | 'False' | 'Unknown';

/** State of a backend's circuit breaker. */
export type CircuitBreakerState = 'closed' | 'open' | 'half-open';

/** A moment: a `Date`, or RFC 3339 text. Sent as UTC in whole seconds, as Go's `metav1.Time` is. */
export type Time = Date | string;

/**
 * One observation, as `metav1.Condition`.
 *
 * @see https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties
 */
export interface Condition {
  /** `CamelCase`, or `domain/CamelCase`; at most 316 characters; unique within a report. */
  type: string;
  status: ConditionStatus;
  /** Identifier for programs, `CamelCase`; 1 to 1,024 characters. */
  reason: string;
  /** Text for people, at most 32,768 characters; may be empty. */
  message: string;
  /** When `status` last flipped. Default: now. Used only where it did flip: else the cluster's value stays. */
  lastTransitionTime?: Time;
  /** Generation of the spec that this was observed for; 0 to 2^53-1. */
  observedGeneration?: number;
}

/** Health of one backend, as the resource shows it. */
export interface DiscoveredBackend {
  /** Unique within a report. */
  name: string;
  url?: string;
  /** `ready`, `degraded`, `unavailable`, `unauthenticated` or `unknown`; the CRD takes any text. */
  status?: string;
  authType?: string;
  /** Name of the backend's `MCPExternalAuthConfig`. */
  authConfigRef?: string;
  lastHealthCheck?: Time;
  message?: string;
  circuitBreakerState?: CircuitBreakerState;
  circuitLastChanged?: Time;
  consecutiveFailures?: number;
  /** Negotiated MCP protocol revision: `2025-11-25`. */
  mcpRevision?: string;
}

/** A complete report. What it leaves out is removed from the resource, as far as this reporter owns it. */
export interface Status {
  phase: Phase;
  message?: string;
  conditions?: readonly Condition[];
  discoveredBackends?: readonly DiscoveredBackend[];
  /** Routable backends; an int32, not negative. */
  backendCount?: number;
  /** Generation of the spec that the runtime runs with. */
  observedGeneration?: number;
  /** When the runtime observed this. Orders reports; never sent to the cluster. */
  timestamp?: Time;
}
