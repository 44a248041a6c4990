/** The cluster's side of a status: JSON as the API server stores it, whoever wrote it. */

import type { CircuitBreakerState, ConditionStatus, Phase } from './types.ts';

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json | undefined };

/** `status` as it is in the cluster: ours, the operator's, and what later versions add. */
export interface StatusDocument extends JsonObject {
  readonly phase?: string;
  readonly message?: string;
  readonly backendCount?: number;
  readonly observedGeneration?: number;
  readonly conditions?: readonly JsonObject[];
  readonly discoveredBackends?: readonly JsonObject[];
}

/** A condition ready to be sent: canonical, complete. */
export interface ConditionDocument extends JsonObject {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly observedGeneration?: number;
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
}

/** A backend ready to be sent: canonical, zero values left out. */
export interface BackendDocument extends JsonObject {
  readonly name: string;
  readonly url?: string;
  readonly status?: string;
  readonly authType?: string;
  readonly authConfigRef?: string;
  readonly lastHealthCheck?: string;
  readonly message?: string;
  readonly circuitBreakerState?: CircuitBreakerState;
  readonly circuitLastChanged?: string;
  readonly consecutiveFailures?: number;
  readonly mcpRevision?: string;
}

/** What we want the owned part of a status to be; exactly the body of an apply. */
export interface DesiredStatus extends JsonObject {
  readonly phase?: Phase;
  readonly message?: string;
  readonly backendCount?: number;
  readonly observedGeneration?: number;
  readonly conditions?: readonly ConditionDocument[];
  readonly discoveredBackends?: readonly BackendDocument[];
}

/** Go's `omitempty`: absent, null and the zero value of a type are the same thing. */
export function isZero(value: Json | undefined): value is undefined | null | '' | 0 | false {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    value === 0 ||
    value === false ||
    (Array.isArray(value) && value.length === 0)
  );
}

/** Whether two values say the same, member by member; zero equals absent. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b || (isZero(a) && isZero(b))) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, i) => sameJson(item, b[i]))
    );
  }
  const left = a as JsonObject;
  const right = b as JsonObject;
  for (const key in left) if (!sameJson(left[key], right[key])) return false;
  for (const key in right) if (!(key in left) && !isZero(right[key])) return false;
  return true;
}
