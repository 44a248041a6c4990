import { type CanonicalStatus, canonicalStatus } from '../../status/canonical.ts';
import { parseStatus } from '../../status/parse.ts';
import type { Status } from '../../status/types.ts';

/** Backends from which it pays to remember the report before. */
export const long = 16;

/**
 * A function that checks and converts the reports of one reporter. What remembers the report before loads beside the first
 * long one; until then, and where it cannot be loaded, every report is read whole.
 *
 * @throws (the function) InvalidStatusError listing every fault
 */
export function createReader(): (report: Status) => CanonicalStatus {
  let loads = false;
  let read = (report: Status) => canonicalStatus(parseStatus(report));
  return report => {
    const status = read(report);
    if (!loads && status.discoveredBackends.length >= long) {
      loads = true;
      import('../../status/reading.ts').then(
        ({ createReportReader }) => {
          read = createReportReader();
        },
        () => {},
      );
    }
    return status;
  };
}
