/** Removes what a write left behind because another manager holds it too. Rare: loaded after foreign writers. */

import type { Call } from '../../api/call.ts';
import { patchStatus } from '../../api/other-writes.ts';
import type { Resource } from '../../api/resource.ts';
import { isStatusReporterError } from '../../errors.ts';
import type { Operation } from '../../status/diff.ts';
import { applyOperations } from '../../status/patch.ts';
import type { Log } from '../logger.ts';
import type { KnownObject } from './known.ts';

/**
 * @param ghosts operations that only remove
 * @returns the object without them; `undefined` where they are still there
 * @throws StatusReporterError `conflict`
 */
export async function removeGhosts(
  ghosts: readonly Operation[],
  base: KnownObject,
  {
    resource,
    fieldManager,
    log,
  }: { readonly resource: Resource; readonly fieldManager: string; readonly log: Log },
  call: Call,
): Promise<KnownObject | undefined> {
  try {
    const object = await resource.write(
      target => patchStatus(target, ghosts, base.resourceVersion, { fieldManager, answer: 'table' }),
      call,
    );
    return {
      ...base,
      resourceVersion: object.metadata.resourceVersion,
      status: applyOperations(base.status, ghosts),
    };
  } catch (error) {
    if (isStatusReporterError(error, 'conflict')) throw error;
    log(
      'warn',
      'Stale parts of the status, which another manager holds too, were not removed; the next report tries again',
      { error, paths: ghosts.map(({ path }) => path) },
    );
    return undefined;
  }
}
