import type { $ZodRawIssue, $ZodType } from 'zod/v4/core';
import { InvalidStatusError, type Issue } from '../errors.ts';

/** How a value from outside is checked. No public declaration leads here: zod is not installed with the package. */

/** A checked value, or its faults. */
export type Result<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] };

/** Runs the type without zod's error objects: their texts would have to be replaced anyway. */
export function run<Output>(type: $ZodType<Output>, input: unknown): Result<Output> {
  const payload = type._zod.run({ value: input, issues: [] }, { async: false });
  if (payload instanceof Promise) throw new TypeError('The schema of a status is synchronous');
  if (payload.issues.length > 0) return { issues: payload.issues.map(toIssue) };
  return { value: payload.value as Output };
}

/**
 * A value from outside, checked.
 *
 * @throws InvalidStatusError listing every fault
 */
export function parseAs<Output>(type: $ZodType<Output>, input: unknown): Output {
  const result = run(type, input);
  if (result.issues) throw new InvalidStatusError(result.issues);
  return result.value;
}

function toIssue({ path = [], message = '' }: $ZodRawIssue): Issue {
  return { path: path as (string | number)[], message };
}
