/** Bodies and patched objects on their way in: what cannot be read, and what a strict reader minds. */
import { type Call, mediaTypeOf } from './call.ts';
import { duplicateFields } from './duplicate-fields.ts';
import { invalidValue } from './field-fault.ts';
import { isObject, type Json, type JsonObject, sortedJson } from './json.ts';
import { goTypeMeta } from './patch-body.ts';
import { groupVersion, type ResourceType } from './resource-type.ts';
import { badRequest, invalid, type StatusError, unsupportedMediaType } from './status-error.ts';
import type { WriteQuery } from './write-options.ts';

/** How a write minds the faults of the object that it decodes. */
export interface Strictness {
  /** What to answer where the object cannot be read at all. */
  refuse(message: string, object: JsonObject): StatusError;
  /** Told of unknown and repeated fields. @throws StatusError where they are not to be let pass */
  mind(errors: readonly string[], object: JsonObject): void;
}

/** Reads what it can and drops the rest without a word. */
export const lenient: Strictness = { refuse: message => badRequest(message), mind: () => {} };

const accepted = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];

/**
 * The object of a POST or PUT.
 *
 * @throws StatusError 415 for another media type, 400 for what is no object of a kind and of the URL's version
 */
export function decodeBody(call: Call, type: ResourceType): JsonObject {
  const media = mediaTypeOf(call.request);
  if (media !== '' && media !== 'application/json') throw unsupportedMediaType(accepted);
  const body = parse(call.body, type);
  const isBuiltin = type.schema === undefined;
  const expected = groupVersion(type, call.info.version);
  const { kind = isBuiltin ? type.kind : '', apiVersion = isBuiltin ? expected : '' } = body;
  if (typeof kind !== 'string' || kind === '') {
    throw unrecognized(type, `Object 'Kind' is missing in '${call.body}'`, call.body);
  }
  if (apiVersion !== expected) {
    const given = typeof apiVersion === 'string' ? apiVersion : '';
    throw badRequest(
      `the API version in the data (${given}) does not match the expected API version (${expected})`,
    );
  }
  return { ...body, apiVersion, kind };
}

function parse(text: string, type: ResourceType): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    const why = isCutShort(text)
      ? 'unexpected end of JSON input'
      : error instanceof Error
        ? error.message
        : '';
    throw unrecognized(type, `couldn't get version/kind; json parse error: ${why}`, text);
  }
  if (isObject(value)) return value;
  const found = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  const why = `json: cannot unmarshal ${found} into Go value of type ${goTypeMeta}`;
  throw unrecognized(type, `couldn't get version/kind; json parse error: ${why}`, text);
}

/** Whether more text could still make it JSON. */
function isCutShort(text: string): boolean {
  const start = text.trimStart();
  return start === '' || ((start.startsWith('{') || start.startsWith('[')) && !/[}\]]\s*$/.test(start));
}

function unrecognized(type: ResourceType, why: string, body: string): StatusError {
  return badRequest(
    `the object provided is unrecognized (must be of type ${type.kind}): ${why} (${summary(body)})`,
  );
}

/** The start of the body: as text where it looks like JSON, else in hexadecimal. */
function summary(body: string): string {
  if (body === '') return '<empty>';
  const cut = body.length > 30 ? ' ...' : '';
  if (body.startsWith('{')) return body.slice(0, 30) + cut;
  const bytes = [...new TextEncoder().encode(body.slice(0, 30))];
  return bytes.map(byte => byte.toString(16).padStart(2, '0')).join('') + cut;
}

/** How a POST or PUT minds: with a warning, or with 400. */
export function bodyStrictness(call: Call, { fieldValidation }: WriteQuery, type: ResourceType): Strictness {
  const duplicates = fieldValidation === 'Ignore' ? [] : duplicateFields(call.body);
  const what = (kind: Json | undefined): string =>
    `${String(kind)} in version ${JSON.stringify(call.info.version)} cannot be handled as a ${type.kind}`;
  return {
    refuse: (message, { kind }) => badRequest(`${what(kind)}: ${message}`),
    mind(errors, { kind }) {
      const all = [...duplicates.map(({ path }) => `duplicate field ${JSON.stringify(path)}`), ...errors];
      if (fieldValidation === 'Warn') call.warnings.push(...all);
      if (fieldValidation === 'Strict' && all.length > 0) throw badRequest(`${what(kind)}: ${strict(all)}`);
    },
  };
}

/** How a JSON patch or merge patch minds: with a warning, or with 422. */
export function patchStrictness(
  call: Call,
  { fieldValidation }: WriteQuery,
  patchType: 'json' | 'merge',
): Strictness {
  const own = fieldValidation === 'Ignore' ? [] : patchFaults(call.body, patchType);
  const refuse = (message: string, object: JsonObject): StatusError =>
    invalid({ group: '', resource: '' }, '', [invalidValue('patch', sortedJson(object), message)]);
  return {
    refuse,
    mind(errors, object) {
      const all = [...own, ...errors];
      if (fieldValidation === 'Warn') call.warnings.push(...all);
      if (fieldValidation === 'Strict' && all.length > 0) throw refuse(strict(all), object);
    },
  };
}

function strict(errors: readonly string[]): string {
  return `strict decoding error: ${errors.join(', ')}`;
}

const operationMembers = new Set(['op', 'path', 'from', 'value']);

/** What is wrong with the patch itself. */
function patchFaults(body: string, patchType: 'json' | 'merge'): string[] {
  let patch: Json;
  try {
    patch = JSON.parse(body) as Json;
  } catch {
    return []; // told elsewhere
  }
  const duplicates = duplicateFields(body).map(({ path }) => `duplicate field ${JSON.stringify(path)}`);
  if (patchType === 'merge' || !Array.isArray(patch)) return duplicates;
  const unknown = patch.flatMap((operation, index) =>
    Object.keys(isObject(operation) ? operation : {})
      .filter(member => !operationMembers.has(member))
      .map(member => `unknown field ${JSON.stringify(`[${index}].${member}`)}`),
  );
  return [...duplicates, ...unknown].map(fault => `json patch ${fault}`);
}
