import type { ResourceRecord } from '../../http/model.ts';
import type { Reporter, ReportResult } from '../../reporter/reporter.ts';

/** Delivers, with one credential. */
export type Deliver = Pick<Reporter, 'reportStatus'>;

/** A reporter that cannot be made has failed as well: an alarm that throws would be given up after a few times. */
export async function tryReport(
  reporter: () => Deliver,
  { status }: ResourceRecord,
): Promise<{ readonly result: ReportResult } | { readonly error: unknown }> {
  try {
    return { result: await reporter().reportStatus(status) };
  } catch (error) {
    return { error };
  }
}
