/** The configuration in the body of an apply: YAML, of which JSON is a part. */
import { LineCounter, parseDocument } from 'yaml';
import { duplicateFields } from './duplicate-fields.ts';
import { isObject, type JsonObject } from './json.ts';
import { badRequest } from './status-error.ts';

export interface ApplyBody {
  readonly value: JsonObject;
  /** Keys that an object has twice, as a strict reader words them. */
  readonly duplicates: readonly string[];
}

/** @throws StatusError 400 for what is no object */
export function parseApply(body: string): ApplyBody {
  const { value, duplicates } = /^\s*[{[]/.test(body) ? parseJson(body) : parseYaml(body);
  if (isObject(value)) return { value, duplicates };
  const type = Array.isArray(value) ? 'array' : typeof value;
  const why = `json: cannot unmarshal ${type} into Go value of type map[string]interface {}`;
  throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: ${why}`);
}

function parseJson(body: string): { value: unknown; duplicates: string[] } {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return parseYaml(body); // YAML has braces too
  }
  const lineOf = (position: number): number => body.slice(0, position).split('\n').length;
  return {
    value,
    duplicates: duplicateFields(body).map(({ key, position }) => repeated(lineOf(position), key)),
  };
}

function parseYaml(body: string): { value: unknown; duplicates: string[] } {
  const lines = new LineCounter();
  const document = parseDocument(body, { lineCounter: lines, prettyErrors: false });
  const duplicates: string[] = [];
  for (const { code, message, pos } of document.errors) {
    const { line } = lines.linePos(pos[0]);
    if (code !== 'DUPLICATE_KEY') {
      throw badRequest(`error decoding YAML: error converting YAML to JSON: yaml: line ${line}: ${message}`);
    }
    duplicates.push(repeated(line, /^[^:\s]*/.exec(body.slice(pos[0]))?.[0] ?? ''));
  }
  return { value: document.toJS(), duplicates };
}

function repeated(line: number, key: string): string {
  return `line ${line}: key ${JSON.stringify(key)} already set in map`;
}
