/** Leaves fields out of a desired status. Rare: loaded where the cluster's CRD lacks one. */

import type { DesiredStatus, JsonObject } from './document.ts';

/** @param fields `phase`, or `discoveredBackends.mcpRevision`: from every item */
export function leaveOut(desired: DesiredStatus, fields: Iterable<string>): DesiredStatus {
  let out: JsonObject = desired;
  for (const path of fields) {
    const [field = '', member] = path.split('.');
    const list = out[field];
    if (member === undefined) out = omit(out, field);
    else if (Array.isArray(list)) out = { ...out, [field]: list.map(item => omit(item, member)) };
  }
  return out as DesiredStatus;
}

function omit(object: JsonObject, name: string): JsonObject {
  const { [name]: _, ...rest } = object;
  return rest;
}
