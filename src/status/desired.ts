/** What the owned part of a status should be, computed against the status that is there. */

import type { CanonicalCondition, CanonicalStatus } from './canonical.ts';
import {
  type ConditionDocument,
  type DesiredStatus,
  isZero,
  type JsonObject,
  type StatusDocument,
} from './document.ts';
import type { OwnableField, Ownership } from './ownership.ts';

/** What is known besides the report and the live status. */
export interface DesiredContext {
  /** `metadata.generation` of the object that the write will be locked to. */
  readonly generation: number;
  readonly owned: Ownership;
  /** Now, as RFC 3339 text in UTC and whole seconds. Asked where a condition flips. */
  now(): string;
}

/**
 * The body of an apply: everything owned, nothing else.
 *
 * @param live `status` of the object that the write will be locked to
 */
export function desiredStatus(
  report: CanonicalStatus,
  live: StatusDocument,
  context: DesiredContext,
): DesiredStatus {
  const { owned } = context;
  const { phase, message, backendCount, discoveredBackends } = report;
  const whole: DesiredStatus = {
    phase,
    message,
    backendCount,
    observedGeneration: observedGeneration(
      report.observedGeneration,
      live.observedGeneration,
      context.generation,
    ),
    conditions: desiredConditions(report.conditions, live, context),
    discoveredBackends,
  };
  const out: Record<string, DesiredStatus[string]> = {};
  for (const field in whole) {
    const value = whole[field];
    const ours = field === 'conditions' || owned.fields.has(field as OwnableField);
    // An empty message is said all the same.
    if (ours && (field === 'message' || !isZero(value))) out[field] = value;
  }
  return out as DesiredStatus;
}

/** The condition types that a write may remove: those always ours, those carried before, those carried now. */
export function ownedConditions(
  report: CanonicalStatus,
  owned: Ownership,
  ...carried: Iterable<string>[]
): ReadonlySet<string> {
  const types = new Set(owned.always);
  for (const list of carried) for (const type of list) if (owned.mayOwn(type)) types.add(type);
  for (const { type } of report.conditions) if (owned.mayOwn(type)) types.add(type);
  return types;
}

/** The caller's generation or the object's own; never beyond what exists, never back below what is published. */
function observedGeneration(
  given: number | undefined,
  published: number | undefined,
  generation: number,
): number {
  return Math.max(Math.min(given ?? generation, generation), published ?? 0);
}

function desiredConditions(
  conditions: readonly CanonicalCondition[],
  live: StatusDocument,
  context: DesiredContext,
): ConditionDocument[] {
  const mine = conditions.filter(({ type }) => context.owned.mayOwn(type));
  return mine.map(condition => {
    const before = live.conditions?.find(({ type }) => type === condition.type);
    return { ...condition, lastTransitionTime: transitionTime(condition, before, context) };
  });
}

/** `meta.SetStatusCondition`: the time moves only when `status` flips. */
function transitionTime(
  condition: CanonicalCondition,
  before: JsonObject | undefined,
  context: DesiredContext,
): string {
  const unmoved = before?.['status'] === condition.status ? before?.['lastTransitionTime'] : undefined;
  return typeof unmoved === 'string' && unmoved !== ''
    ? unmoved
    : (condition.lastTransitionTime ?? context.now());
}
