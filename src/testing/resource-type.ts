/** A type of resource that the fake serves, and the registry of all of them. */
import type { Atom } from './atom.ts';
import type { KubernetesObject } from './object.ts';
import type { Schema } from './schema.ts';
import { type FieldFault, type GroupResource, qualified } from './status-error.ts';

export interface ResourceType extends GroupResource {
  readonly kind: string;
  readonly singular: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly namespaced: boolean;
  /** Served versions; the first is the one that is stored. */
  readonly versions: readonly string[];
  /** `Warning` of a deprecated version. */
  readonly warnings?: Readonly<Record<string, string>>;
  /** A custom resource's: objects are pruned, defaulted, validated and may be applied. Others are stored as they come. */
  readonly schema?: Schema;
  readonly atom?: Atom;
  readonly hasStatus?: boolean;
  readonly columns?: readonly Column[];
  /** A PUT needs no resourceVersion. */
  readonly isUnconditional?: boolean;
  /** Fills in what the API server adds to a new object. */
  readonly complete?: (object: KubernetesObject) => KubernetesObject;
  /** Faults beyond the schema. */
  readonly faults?: (object: KubernetesObject) => FieldFault[];
  /** `generation` counts changes of the spec. */
  readonly hasGeneration?: boolean;
}

/** One column of a Table. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly description: string;
  /** The cell's value. */
  readonly cell: (object: Record<string, unknown>) => unknown;
}

/** `apps/v1`, or `v1` in the core group. */
export function groupVersion(type: GroupResource, version: string): string {
  return type.group === '' ? version : `${type.group}/${version}`;
}

/** Key of the type in the store. */
export function storeKey(type: GroupResource): string {
  return qualified(type);
}
