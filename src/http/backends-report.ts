import type { BackendsReport } from '../status/backend-health.ts';
import { buildStatus } from '../status/build.ts';
import { checkOf, parseAs } from '../status/check.ts';
import schema from '../status/schema.json' with { type: 'json' };
import type { Status } from '../status/types.ts';

const check = checkOf(schema.backendsReport);

/**
 * The status that follows from the health of the backends, by `buildStatus`.
 *
 * @throws InvalidStatusError listing every fault
 */
export function parseBackendsReport(input: unknown): Status {
  const { backends, configuredCount, timestamp } = parseAs<BackendsReport>(check, input);
  return buildStatus(backends, {
    ...(configuredCount !== undefined && { configuredCount }),
    ...(timestamp !== undefined && { now: timestamp }),
  });
}
