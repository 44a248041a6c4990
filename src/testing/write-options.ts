/** Query parameters of writes. */
import type { Call } from './call.ts';
import { forbiddenField, invalidValue, notSupported, required, tooLong } from './field-fault.ts';
import { isTrue } from './request-info.ts';
import { type FieldFault, invalid } from './status-error.ts';

export interface WriteQuery {
  readonly manager: string;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict';
}

const validations = ['', 'Ignore', 'Strict', 'Warn'];
const longestManager = 128;

/**
 * What the query says about a write.
 *
 * @param kind `CreateOptions`, `UpdateOptions` or `PatchOptions`, as a fault names them
 * @throws StatusError 422 listing every fault
 */
export function writeQuery(call: Call, kind: string, patchType?: string): WriteQuery {
  const { query } = call;
  const manager = query.get('fieldManager') ?? '';
  const dryRun = query.getAll('dryRun');
  const fieldValidation = query.get('fieldValidation') ?? '';
  const faults: FieldFault[] = [];
  if (patchType === 'apply') {
    if (manager === '') faults.push(required('fieldManager', 'is required for apply patch'));
  } else if (patchType !== undefined && query.has('force')) {
    faults.push(forbiddenField('force', 'may not be specified for non-apply patch'));
  }
  faults.push(...managerFaults(manager));
  if (dryRun.some(value => value !== 'All')) faults.push(notSupported('dryRun', dryRun, ['All']));
  if (!validations.includes(fieldValidation))
    faults.push(notSupported('fieldValidation', fieldValidation, validations));
  if (faults.length > 0) throw invalid({ group: 'meta.k8s.io', resource: kind }, '', faults);
  return {
    manager: manager === '' ? agentOf(call.request) : manager,
    dryRun: dryRun.length > 0,
    force: isTrue(query.get('force')),
    fieldValidation: fieldValidation === '' ? 'Warn' : (fieldValidation as WriteQuery['fieldValidation']),
  };
}

function managerFaults(manager: string): FieldFault[] {
  const faults: FieldFault[] = [];
  if (new TextEncoder().encode(manager).length > longestManager)
    faults.push(tooLong('fieldManager', longestManager));
  const bad = [...manager.matchAll(/[\p{C}\p{Zl}\p{Zp}]/gu)][0];
  if (bad !== undefined) {
    const code = bad[0].codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
    faults.push(
      invalidValue('fieldManager', manager, `invalid character U+${code} (at position ${bad.index})`),
    );
  }
  return faults;
}

/** The start of the user agent stands in for a field manager. */
function agentOf(request: Request): string {
  const name = (request.headers.get('user-agent') ?? '').split('/', 1)[0] ?? '';
  return name.replaceAll(/[\p{C}]/gu, '').slice(0, longestManager);
}
