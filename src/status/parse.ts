import type { $ZodRawIssue, $ZodType } from 'zod/v4/core';
import { InvalidStatusError, type Issue } from '../errors.ts';
import type { BackendHealth } from './backend-health.ts';
import { backendsType, statusType } from './schema.ts';
import type { StandardSchemaV1 } from './standard-schema.ts';
import type { Status } from './types.ts';

/**
 * A report from outside, checked: the limits of the CRD, no unknown property, no duplicate, nothing that JSON, Go or
 * etcd would lose. The answer is a copy that is plain JSON: times are RFC 3339 text (a `Date` with its milliseconds),
 * what was `undefined` or `null` is left out, a condition without `message` has an empty one.
 *
 * @throws InvalidStatusError listing every fault
 */
export function parseStatus(input: unknown): Status {
  return resolve(validateStatus(input));
}

/** {@link parseStatus} as a Standard Schema: for form, router and RPC libraries that take one. */
export const statusSchema: StandardSchemaV1<unknown, Status> = {
  '~standard': { version: 1, vendor: 'vmcp-status-reporter', validate: validateStatus },
};

/**
 * The input of `buildStatus`, checked in the same way.
 *
 * @throws InvalidStatusError listing every fault
 */
export function parseBackends(input: unknown): BackendHealth[] {
  return parseAs(backendsType, input);
}

/**
 * A value from outside, checked as any type made of the same parts.
 *
 * @throws InvalidStatusError listing every fault
 */
export function parseAs<Output>(type: $ZodType<Output>, input: unknown): Output {
  return resolve(run(type, input));
}

type Result<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] };

function validateStatus(input: unknown): Result<Status> {
  return run(statusType, input);
}

function resolve<Output>(result: Result<Output>): Output {
  if (result.issues) throw new InvalidStatusError(result.issues);
  return result.value;
}

/** Runs the type without zod's error objects: their texts would have to be replaced anyway. */
function run<Output>(type: $ZodType<Output>, input: unknown): Result<Output> {
  const payload = type._zod.run({ value: input, issues: [] }, { async: false });
  if (payload instanceof Promise) throw new TypeError('The schema of a status is synchronous');
  if (payload.issues.length > 0) return { issues: payload.issues.map(toIssue) };
  return { value: payload.value as Output };
}

function toIssue({ path = [], message = '' }: $ZodRawIssue): Issue {
  return { path: path as (string | number)[], message };
}
