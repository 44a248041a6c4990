/** What an apply is refused with. */
import type { JsonObject } from './json.ts';
import { isObject } from './json.ts';
import { describeManager } from './managed-fields.ts';
import type { FieldConflict } from './ownership.ts';
import type { ResourceType } from './resource-type.ts';
import { applyConflict, badRequest, type StatusError, unforeseen } from './status-error.ts';
import { joinTypeErrors, typeErrors } from './typed-value.ts';

/** @throws StatusError 400 for another type or managedFields, 500 for what does not fit the schema */
export function checkApplied(applied: JsonObject, apiVersion: string, type: ResourceType): void {
  const { apiVersion: givenVersion = '', kind = '', metadata } = applied;
  if (givenVersion !== apiVersion || kind !== type.kind) {
    const version = String(givenVersion);
    throw badRequest(
      `invalid object type: ${version.includes('/') ? '' : '/'}${version}, Kind=${String(kind)}`,
    );
  }
  const meta = isObject(metadata) ? metadata : {};
  if (meta.managedFields !== undefined && meta.managedFields !== null) {
    throw badRequest('metadata.managedFields must be nil');
  }
  const errors = typeErrors(applied, type.atom ?? {});
  if (errors.length === 0) return;
  const where = `${text(meta.namespace)}/${text(meta.name)}; ${apiVersion}, Kind=${type.kind}`;
  throw unforeseen(`failed to create typed patch object (${where}): ${joinTypeErrors(errors)}`);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A 409 that lists every field and its owner. */
export function applyConflictOf(conflicts: readonly FieldConflict[]): StatusError {
  const causes = conflicts.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${describeManager(manager)}`,
    field: path,
  }));
  const [first] = conflicts;
  if (conflicts.length === 1 && first !== undefined) {
    const what = `conflict with ${describeManager(first.manager)}: ${first.path}`;
    return applyConflict(`Apply failed with 1 conflict: ${what}`, causes);
  }
  const byManager = new Map<string, string[]>();
  for (const { manager, path } of conflicts) {
    const name = describeManager(manager);
    byManager.set(name, [...(byManager.get(name) ?? []), path]);
  }
  const lines = [...byManager].flatMap(([name, paths]) => [
    `conflicts with ${name}:`,
    ...paths.map(path => `- ${path}`),
  ]);
  return applyConflict(`Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`, causes);
}
