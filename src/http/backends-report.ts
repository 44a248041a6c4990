import type { BackendHealth } from '../status/backend-health.ts';
import { buildStatus } from '../status/build.ts';
import { parseAs } from '../status/run.ts';
import type { Status, Time } from '../status/types.ts';
import { backendsReportType } from './backends-type.ts';

/** Raw health of a gateway's backends: what `POST …/backends` takes. */
export interface BackendsReport {
  readonly backends: readonly BackendHealth[];
  /** How many backends the gateway is configured with; an int32. Default: as many as are given. */
  readonly configuredCount?: number;
  /** When they were observed. Default: now. */
  readonly timestamp?: Time;
}

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
