/** Leaves contested parts of a status to whoever insists. Rare: loaded once somebody does. */

import type { ConditionDocument, DesiredStatus, StatusDocument } from './document.ts';

/** @param paths what keeps its live value: `phase`, or `conditions/Ready` where there is such a condition */
export function yieldTo(
  live: StatusDocument,
  desired: DesiredStatus,
  paths: ReadonlySet<string>,
): DesiredStatus {
  const out: Record<string, DesiredStatus[string]> = { ...desired };
  if (desired.conditions) {
    out['conditions'] = desired.conditions.map(condition => {
      const before = live.conditions?.find(({ type }) => type === condition.type);
      return paths.has(`conditions/${condition.type}`)
        ? ((before as ConditionDocument) ?? condition)
        : condition;
    });
  }
  for (const path of paths) {
    if (path.includes('/')) continue;
    if (live[path] === undefined) delete out[path];
    else out[path] = live[path];
  }
  return out as DesiredStatus;
}
