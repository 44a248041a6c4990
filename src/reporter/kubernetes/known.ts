/** The remote object as we last saw it, or as our last write left it. */

import type { ResourceObject } from '../../api/resource.ts';
import type { StatusDocument } from '../../status/document.ts';
import type { ManagedFieldsEntry } from '../../status/ownership.ts';
import type { Written } from './contest.ts';

export interface KnownObject {
  readonly uid: string | undefined;
  readonly resourceVersion: string;
  readonly generation: number;
  /** `undefined` where the object has no status yet. */
  readonly status: StatusDocument | undefined;
  /** As of the last read. */
  readonly managedFields: readonly ManagedFieldsEntry[];
  /** Whether it was read and not written since: only then may somebody else's leftovers be in it. */
  readonly fresh: boolean;
}

/** What a reporter knows of its object; another one that is given it goes on where this one ended. */
export interface ReporterMemory {
  /** What the next write can be locked to; `undefined` where it has to be read first. */
  known?: KnownObject | undefined;
  /** Our last write to that object, and when, in milliseconds since the epoch. */
  written?: (Written & { readonly resourceVersion: string; readonly at: number }) | undefined;
}

export function knownObject(object: ResourceObject, fresh: boolean): KnownObject {
  const { uid, resourceVersion, generation = 0, managedFields = [] } = object.metadata;
  return {
    uid,
    resourceVersion,
    generation,
    status: object.status as StatusDocument | undefined,
    managedFields,
    fresh,
  };
}
