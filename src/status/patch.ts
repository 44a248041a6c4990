/** Applies the operations of `diffStatus` to a status that we hold, as the API server does to its own. Copies what it changes. */

import type { Operation } from './diff.ts';
import type { DesiredStatus, Json, JsonObject, StatusDocument } from './document.ts';

/** @param operations only such as `diffStatus` makes: `add`, `replace`, `remove` below `/status` */
export function applyOperations(
  status: StatusDocument | undefined,
  operations: readonly Operation[],
): StatusDocument {
  const root: Record<string, Json | undefined> = { status };
  const copied = new Set<object>([root]);
  for (const operation of operations) {
    const keys = operation.path.slice(1).split('/').map(fromPointer);
    const last = keys.pop()!;
    let parent: Record<string, Json | undefined> | Json[] = root;
    for (const key of keys) parent = writable(parent, key, copied);
    change(parent, last, operation);
  }
  return (root['status'] ?? {}) as StatusDocument;
}

/** A status as an apply leaves it that takes nothing away. What is desired is in it as it is: no copy, quick to compare. */
export function overlay(status: StatusDocument = {}, desired: DesiredStatus): StatusDocument {
  const { conditions = [] } = desired;
  const others = status.conditions?.filter(({ type }) => conditions.every(ours => ours.type !== type)) ?? [];
  const all = [...others, ...conditions];
  return { ...status, ...desired, ...(all.length > 0 && { conditions: all }) };
}

function change(
  parent: Record<string, Json | undefined> | Json[],
  key: string,
  { op, value }: Operation,
): void {
  if (!Array.isArray(parent)) {
    if (op === 'remove') delete parent[key];
    else parent[key] = value;
    return;
  }
  const index = key === '-' ? parent.length : Number(key);
  if (op === 'remove') parent.splice(index, 1);
  else parent.splice(index, op === 'add' ? 0 : 1, value as Json);
}

/** The container under `key`, copied once so that the status we were given stays as it is. */
function writable(
  parent: Record<string, Json | undefined> | Json[],
  key: string,
  copied: Set<object>,
): Record<string, Json | undefined> | Json[] {
  const container = parent as Record<string, Json | undefined>;
  const value = container[key] as object;
  if (copied.has(value)) return value as Record<string, Json | undefined>;
  const copy = Array.isArray(value) ? [...value] : { ...(value as JsonObject) };
  copied.add(copy);
  container[key] = copy as Json;
  return copy as Record<string, Json | undefined>;
}

function fromPointer(key: string): string {
  return key.replaceAll('~1', '/').replaceAll('~0', '~');
}
