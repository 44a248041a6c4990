/** The three ways to write one and the same desired state. */

import {
  type Answer,
  type ApiRequest,
  applyStatus,
  patchStatus,
  replaceStatus,
  type Target,
} from '../../api/requests.ts';
import type { Difference, Operation } from '../../status/diff.ts';
import type { DesiredStatus } from '../../status/document.ts';
import { applyOperations } from '../../status/patch.ts';
import type { KnownObject } from './known.ts';

/**
 * How a status is written.
 *
 * - `apply` (default): server-side apply; says who owns what and lets go of what a report drops
 * - `patch`: the minimal JSON patch
 * - `update`: the whole status by PUT, for servers and proxies that allow nothing else
 *
 * Never mix them on one object: what an `update` holds, an `apply` does not release.
 */
export type Strategy = 'apply' | 'patch' | 'update';

export interface Write {
  readonly desired: DesiredStatus;
  readonly difference: Difference;
  readonly fieldManager: string;
  readonly answer: Answer;
}

/** The write as a request, locked to the known resourceVersion. */
export function writeRequest(
  strategy: Strategy,
  target: Target,
  known: KnownObject,
  write: Write,
): ApiRequest {
  const { desired, difference } = write;
  switch (strategy) {
    case 'apply':
      return applyStatus(target, desired, known.resourceVersion, write);
    case 'patch':
      return patchStatus(
        target,
        compact(difference.operations, known, desired),
        known.resourceVersion,
        write,
      );
    case 'update':
      return replaceStatus(
        target,
        applyOperations(known.status, difference.operations),
        known.resourceVersion,
        write,
      );
  }
}

/** The API server takes 10,000 operations; well before that the list itself is shorter. */
const mostOperations = 5_000;

/** Replaces the list of backends whole where there would be too many operations on it. */
function compact(
  operations: readonly Operation[],
  known: KnownObject,
  desired: DesiredStatus,
): readonly Operation[] {
  if (operations.length <= mostOperations) return operations;
  const path = '/status/discoveredBackends';
  return [
    ...operations.filter(operation => !operation.path.startsWith(path)),
    {
      op: known.status?.discoveredBackends ? 'replace' : 'add',
      path,
      value: desired.discoveredBackends ?? [],
    },
  ];
}
