/**
 * Hands what was applied and is no longer owned to a manager of its own: left out of an apply, it would be removed. Rare:
 * loaded where an instance is configured to own less than the one before it.
 */

import type { Call } from '../../api/call.ts';
import { applyStatus } from '../../api/requests.ts';
import type { Resource } from '../../api/resource.ts';
import { cededStatus } from '../../status/ceding.ts';
import { appliedFields } from '../../status/ownership.ts';
import type { Log } from '../logger.ts';
import { type KnownObject, knownObject, type Manager } from './known.ts';

export interface CedeOptions extends Manager {
  readonly resource: Resource;
  readonly log: Log;
}

/** @returns the object as it is after that */
export async function cede(base: KnownObject, options: CedeOptions, call: Call): Promise<KnownObject> {
  const { resource, owned, fieldManager, log } = options;
  const heir = `${fieldManager}-ceded`;
  const [applied, inherited] = [fieldManager, heir].map(name =>
    appliedFields(base.managedFields ?? [], name),
  );
  const status = cededStatus(base.status ?? {}, applied, owned, inherited);
  const object = await resource.write(
    target => applyStatus(target, status, base.resourceVersion, { fieldManager: heir, answer: 'object' }),
    call,
  );
  log('info', `Ceded to the field manager "${heir}": ${Object.keys(status).join(', ')}`, {
    fieldManager: heir,
  });
  return knownObject(object, options, true);
}
