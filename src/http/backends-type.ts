import { count, optional, time } from '../status/leaf.ts';
import { record } from '../status/record.ts';
import { backendsType } from '../status/schema.ts';
import type { BackendsReport } from './backends-report.ts';

/** A {@link BackendsReport}. */
export const backendsReportType = record<BackendsReport>({
  backends: backendsType,
  configuredCount: optional(count(2_147_483_647)),
  timestamp: optional(time()),
});
