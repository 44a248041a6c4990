/** What a PATCH of each media type makes of the live object. */
import { invalidValue } from './field-fault.ts';
import { isObject, type Json, type JsonObject, sortedJson } from './json.ts';
import { applyJsonPatch, JsonPatchError } from './json-patch.ts';
import { applyMergePatch } from './merge-patch.ts';
import { badRequest, entityTooLarge, internalError, invalid, unprocessable } from './status-error.ts';

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
  const refuse = (why: string) => {
    const fault = invalidValue('patch', sortedJson(patched), why);
    return invalid({ group: '', resource: '' }, '', [fault]);
  };
  if (!isObject(patched)) {
    const why = `json: cannot unmarshal ${goType(patched)} into Go value of type ${goTypeMeta}`;
    throw refuse(`couldn't get version/kind; json parse error: ${why}`);
  }
  if (patched.kind === undefined || patched.kind === '') {
    throw refuse(`Object 'Kind' is missing in '${sortedJson(patched)}'`);
  }
  if (patched.apiVersion === undefined || patched.apiVersion === '') {
    throw internalError("Object 'apiVersion' is missing in 'object has no apiVersion field'");
  }
  return patched;
}

function patchByOperations(live: JsonObject, body: string): Json {
  const operations = parse(body);
  const mismatch = (value: Json, type: string) =>
    badRequest(`error decoding patch: json: cannot unmarshal ${goType(value)} into Go value of type ${type}`);
  if (!Array.isArray(operations)) throw mismatch(operations, '[]handlers.jsonPatchOp');
  for (const operation of operations) {
    if (operation === null) continue;
    if (!isObject(operation)) throw mismatch(operation, 'handlers.jsonPatchOp');
    for (const key of ['op', 'path', 'from'] as const) {
      const value = operation[key] ?? '';
      if (typeof value !== 'string')
        throw badRequest(
          `error decoding patch: json: cannot unmarshal ${goType(value)} into Go struct field jsonPatchOp.${key} of type string`,
        );
    }
  }
  if (operations.length > mostOperations) {
    const counts = `${mostOperations}, got ${operations.length}`;
    throw entityTooLarge(`The allowed maximum operations in a JSON patch is ${counts}`);
  }
  try {
    return applyJsonPatch(live, operations);
  } catch (error) {
    if (error instanceof JsonPatchError) throw unprocessable();
    throw error;
  }
}

function patchByMerge(live: JsonObject, body: string): Json {
  const patch = parse(body);
  if (isObject(patch)) return applyMergePatch(live, patch);
  if (patch === null) throw badRequest('Invalid JSON Patch');
  throw badRequest(
    `error decoding patch: json: cannot unmarshal ${goType(patch)} into Go value of type map[string]interface {}`,
  );
}

function parse(body: string): Json {
  try {
    return JSON.parse(body) as Json;
  } catch {
    throw badRequest('error decoding patch: unexpected end of JSON input');
  }
}

/** How Go names what every object has. */
export const goTypeMeta =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

function goType(value: Json): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
