import type { Status, Time } from '../status/types.ts';

/**
 * The report with the moments at which its conditions last flipped, as the cluster keeps them: gateways date every
 * condition anew with every report, and an age would never be more than one interval.
 *
 * @param before the report that this one follows; none where it is the first
 * @param at when this one was observed: for conditions that name no time
 */
export function keepTransitionTimes(status: Status, before: Status | undefined, at: Time): Status {
  if (status.conditions === undefined) return status;
  return {
    ...status,
    conditions: status.conditions.map(condition => {
      const old = before?.conditions?.find(({ type }) => type === condition.type);
      const unmoved = old?.status === condition.status ? old.lastTransitionTime : undefined;
      return { ...condition, lastTransitionTime: unmoved ?? condition.lastTransitionTime ?? at };
    }),
  };
}
