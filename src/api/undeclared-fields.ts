import { ApiError } from '../errors.ts';

/**
 * The fields that the CRD does not know, from an apply's 500: `mcpRevision` of a backend is
 * `discoveredBackends.mcpRevision`. Empty for any other error.
 */
export function undeclaredFields(error: unknown): string[] {
  if (!(error instanceof ApiError) || error.httpStatus !== 500) return [];
  const found = new Set<string>();
  for (const [, list, field] of error.message.matchAll(
    /\.status\.(?:(conditions|discoveredBackends)\[.*?\]\.)?([A-Za-z0-9]+): field not declared in schema/g,
  )) {
    found.add(list === undefined ? field! : `${list}.${field}`);
  }
  return [...found];
}
