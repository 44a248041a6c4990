/** JSON merge patch. @see https://www.rfc-editor.org/rfc/rfc7396 */
import type { Json, JsonObject } from './json.ts';
import { getKey, isObject, setKey } from './json.ts';

/** The target with the patch applied: nulls remove, objects merge, anything else replaces. */
export function applyMergePatch(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: JsonObject = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else setKey(result, key, applyMergePatch(getKey(result, key) ?? null, value));
  }
  return result;
}
