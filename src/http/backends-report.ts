import type { BackendHealth } from '../status/backend-health.ts';
import { buildStatus } from '../status/build.ts';
import { count, optional, time } from '../status/leaf.ts';
import { parseAs } from '../status/parse.ts';
import { record } from '../status/record.ts';
import { backendsType } from '../status/schema.ts';
import type { Status, Time } from '../status/types.ts';

/** Raw health of a gateway's backends: what `POST …/backends` takes. */
export interface BackendsReport {
  readonly backends: readonly BackendHealth[];
  /** How many backends the gateway is configured with; an int32. Default: as many as are given. */
  readonly configuredCount?: number;
  /** When they were observed. Default: now. */
  readonly timestamp?: Time;
}

/** A {@link BackendsReport}. */
export const backendsReportType = record<BackendsReport>({
  backends: backendsType,
  configuredCount: optional(count(2_147_483_647)),
  timestamp: optional(time()),
});

/**
 * The status that follows from the health of the backends, by `buildStatus`.
 *
 * @throws InvalidStatusError listing every fault
 */
export function parseBackendsReport(input: unknown): Status {
  const { backends, configuredCount, timestamp } = parseAs(backendsReportType, input);
  return buildStatus(backends, {
    ...(configuredCount !== undefined && { configuredCount }),
    ...(timestamp !== undefined && { now: timestamp }),
  });
}
