import type { CircuitBreakerState, Time } from './types.ts';

/** What a health check found. */
export type Health =
  /** Answers. An answer that only asks for the user's own credentials counts. */
  | 'healthy'
  /** Answers, but slowly, or has only just come back. */
  | 'degraded'
  /** Does not answer. */
  | 'unhealthy'
  /** Wants credentials, and the gateway has none configured for it. */
  | 'unauthenticated'
  /** Could not be checked. */
  | 'unknown';

/** Raw health of a gateway's backends: what the service's `POST …/backends` takes. */
export interface BackendsReport {
  readonly backends: readonly BackendHealth[];
  /** How many backends the gateway is configured with; an int32. Default: as many as are given. */
  readonly configuredCount?: number;
  /** When they were observed. Default: now. */
  readonly timestamp?: Time;
}

/** One backend as the gateway's health checks see it: what `buildStatus` makes a report from. */
export interface BackendHealth {
  /** Not empty; unique in the list. */
  name: string;
  url?: string;
  health: Health;
  authType?: string;
  /** Name of the backend's `MCPExternalAuthConfig`. */
  authConfigRef?: string;
  /** When it was last checked. */
  lastCheck?: Time;
  /** Why the last check failed. Only its category is ever reported, never its text. */
  error?: Error | string;
  circuitBreakerState?: CircuitBreakerState;
  circuitLastChanged?: Time;
  /** Failed checks in a row; an int32, not negative. */
  consecutiveFailures?: number;
  /** Negotiated MCP protocol revision: `2025-11-25`. */
  mcpRevision?: string;
}
