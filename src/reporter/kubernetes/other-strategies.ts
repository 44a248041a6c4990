/** The strategies `patch` and `update`: loaded where one of them was chosen. */

import { patchStatus, replaceStatus } from '../../api/other-writes.ts';
import type { ApiRequest, Target } from '../../api/requests.ts';
import type { Operation } from '../../status/diff.ts';
import type { DesiredStatus } from '../../status/document.ts';
import type { KnownObject } from './known.ts';
import type { Write } from './strategy.ts';

/** The write as a request, locked to the known resourceVersion. */
export function otherRequest(
  strategy: 'patch' | 'update',
  target: Target,
  known: KnownObject,
  write: Write,
): ApiRequest {
  if (strategy === 'update') return replaceStatus(target, write.status, known.resourceVersion, write);
  const operations = compact(write.difference.operations, known, write.desired);
  return patchStatus(target, operations, known.resourceVersion, write);
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
