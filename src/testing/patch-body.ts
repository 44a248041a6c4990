/** What a PATCH of each media type makes of the live object. */
import { invalidValue } from './field-fault.ts';
import { deepEqual, isObject, type Json, type JsonObject } from './json.ts';
import { applyJsonPatch, JsonPatchError } from './json-patch.ts';
import { applyMergePatch } from './merge-patch.ts';
import { badRequest, entityTooLarge, invalid, unprocessable } from './status-error.ts';

export type PatchType = 'apply' | 'json' | 'merge';

/** Media types of a custom resource's PATCH, in the order in which a 415 lists them. */
export const patchMediaTypes: ReadonlyMap<string, PatchType> = new Map([
  ['application/json-patch+json', 'json'],
  ['application/merge-patch+json', 'merge'],
  ['application/apply-patch+yaml', 'apply'],
]);

const mostOperations = 10_000;

/**
 * The live object with a JSON patch or a merge patch applied.
 *
 * @throws StatusError 400 for a body that is no patch, 413 for more than 10,000 operations, 422 for one that does not apply
 */
export function patchObject(live: JsonObject, body: string, type: 'json' | 'merge'): JsonObject {
  const patched = type === 'json' ? patchByOperations(live, body) : patchByMerge(live, body);
  if (isObject(patched)) return patched;
  throw invalid({ group: '', resource: '' }, '', [invalidValue('patch', JSON.stringify(patched), 'expected an object')]);
}

function patchByOperations(live: JsonObject, body: string): Json {
  const operations = parse(body, 'array');
  if (!Array.isArray(operations)) throw badRequest(`error decoding patch: expected an array of operations`);
  if (operations.length > mostOperations) {
    const message = `The allowed maximum operations in a JSON patch is ${mostOperations}, got ${operations.length}`;
    throw entityTooLarge(message);
  }
  try {
    return applyJsonPatch(live, operations);
  } catch (error) {
    if (error instanceof JsonPatchError) throw unprocessable(error.message);
    throw error;
  }
}

function patchByMerge(live: JsonObject, body: string): Json {
  const patch = parse(body, 'object');
  if (!isObject(patch)) throw badRequest('error decoding patch: expected an object');
  const patched = applyMergePatch(live, patch);
  return deepEqual(patched, live) ? live : patched;
}

function parse(body: string, expected: string): Json {
  try {
    return JSON.parse(body) as Json;
  } catch {
    throw badRequest(`error decoding patch: expected a JSON ${expected}`);
  }
}

/**
 * The configuration in the body of an apply. JSON only, which is YAML.
 *
 * @throws StatusError 400 for anything else
 */
export function parseApply(body: string): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(body) as Json;
  } catch {
    throw badRequest('error decoding YAML: the fake API server reads the part of YAML that is JSON');
  }
  if (!isObject(value)) throw badRequest('error decoding YAML: expected an object');
  return value;
}
