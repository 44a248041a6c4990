/** The remote object as we last saw it, or as our last write left it. */

import type { ResourceObject } from '../../api/resource.ts';
import type { StatusDocument } from '../../status/document.ts';
import {
  appliedFields,
  conditionTypes,
  exceeds,
  type ManagedFieldsEntry,
  type Ownership,
} from '../../status/ownership.ts';
import type { Written } from './contest.ts';
import type { Strategy } from './strategy.ts';

export interface KnownObject {
  readonly uid: string | undefined;
  readonly resourceVersion: string;
  readonly generation: number;
  /** `undefined` where the object has no status yet. */
  readonly status: StatusDocument | undefined;
  /** Condition types that this manager has applied, as of the last whole answer. */
  readonly applied: readonly string[];
  /** Characters of its managedFields as JSON, as of the last whole answer. */
  readonly ownershipSize: number;
  /**
   * As of the last read, while what this manager has applied is not yet what it owns. Afterwards nobody asks for them, and
   * they are more than all the rest.
   */
  readonly managedFields?: readonly ManagedFieldsEntry[];
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

/** Who writes, and what of the object is its own. */
export interface Manager {
  readonly strategy: Strategy;
  readonly fieldManager: string;
  readonly owned: Ownership;
}

/** The object of a whole answer, as far as it matters to the manager that owns so much of it. */
export function knownObject(
  object: ResourceObject,
  { strategy, fieldManager, owned }: Manager,
  fresh: boolean,
): KnownObject {
  const { uid, resourceVersion, generation = 0 } = object.metadata;
  const managedFields = managedFieldsOf(object);
  const applied = appliedFields(managedFields, fieldManager);
  const unclaimed = strategy === 'apply' && (applied === undefined || exceeds(applied, owned));
  return {
    uid,
    resourceVersion,
    generation,
    status: object.status as StatusDocument | undefined,
    applied: conditionTypes(applied),
    ownershipSize: managedFields.length > 0 ? JSON.stringify(managedFields).length : 0,
    ...(fresh && unclaimed && { managedFields }),
    fresh,
  };
}

export function managedFieldsOf({ metadata }: ResourceObject): readonly ManagedFieldsEntry[] {
  return metadata.managedFields ?? [];
}
