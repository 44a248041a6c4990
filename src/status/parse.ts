import type { BackendHealth } from './backend-health.ts';
import { checkOf, parseAs, run } from './check.ts';
import schema from './schema.json' with { type: 'json' };
import type { StandardSchemaV1 } from './standard-schema.ts';
import type { Status } from './types.ts';

const statusCheck = checkOf(schema.status);
const backendsCheck = checkOf(schema.backendsReport.properties.backends);

/**
 * A report from outside, checked: the limits of the CRD, no unknown property, no duplicate, nothing that JSON, Go or
 * etcd would lose. The answer is a copy that is plain JSON: times are RFC 3339 text (a `Date` with its milliseconds),
 * what was `undefined` or `null` is left out, a condition without `message` has an empty one.
 *
 * @throws InvalidStatusError listing every fault
 */
export function parseStatus(input: unknown): Status {
  return parseAs(statusCheck, input);
}

/** {@link parseStatus} as a Standard Schema: for form, router and RPC libraries that take one. */
export const statusSchema: StandardSchemaV1<unknown, Status> = {
  '~standard': { version: 1, vendor: 'vmcp-status-reporter', validate: input => run(statusCheck, input) },
};

/**
 * The input of `buildStatus`, checked in the same way.
 *
 * @throws InvalidStatusError listing every fault
 */
export function parseBackends(input: unknown): BackendHealth[] {
  return parseAs(backendsCheck, input);
}
