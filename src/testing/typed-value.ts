/**
 * What server-side apply asks of a value under its schema: is it valid, which fields does it hold, and how to take
 * fields away. The walks are those of Kubernetes' structured-merge-diff, down to their oddities.
 */
import { type Atom, fieldAtom, kindOf, type ListAtom, type MapAtom } from './atom.ts';
import { FieldSet } from './field-set.ts';
import type { Json, JsonObject } from './json.ts';
import { isObject, setKey } from './json.ts';
import { describeElement, fieldElement, itemElement, type PathElement } from './path-element.ts';

/** Faults in the words of the API server, each with its path: `.status.foo: field not declared in schema`. */
export function typeErrors(value: Json, atom: Atom, options: { allowDuplicates?: boolean } = {}): string[] {
  return errorsAt(value, atom, options.allowDuplicates ?? false).map(({ path, message }) =>
    path === '' ? message : `${path}: ${message}`,
  );
}

/** Several faults as one message. */
export function joinTypeErrors(errors: readonly string[]): string {
  return errors.length === 1
    ? (errors[0] ?? '')
    : ['errors:', ...errors.map(error => `  ${error}`)].join('\n');
}

interface TypeError {
  path: string;
  message: string;
}

function errorsAt(value: Json, atom: Atom, allowDuplicates: boolean): TypeError[] {
  if (value === null) return [];
  switch (kindOf(atom, value)) {
    case 'map':
      return isObject(value)
        ? mapErrors(value, atom.map!, allowDuplicates)
        : [fault(`expected map, got &{${goValue(value)}}`)];
    case 'list':
      return Array.isArray(value)
        ? listErrors(value, atom.list!, allowDuplicates)
        : [fault(`expected list, got &{${goValue(value)}}`)];
    case 'scalar':
      return scalarErrors(value, atom.scalar!);
  }
}

function mapErrors(value: JsonObject, map: MapAtom, allowDuplicates: boolean): TypeError[] {
  const errors: TypeError[] = [];
  for (const [key, item] of Object.entries(value)) {
    const atom = fieldAtom(map, key);
    if (atom === undefined) {
      errors.push({ path: `.${key}`, message: 'field not declared in schema' });
      break; // the real walk ends its map here too, so that one such field hides the next
    }
    for (const { path, message } of errorsAt(item, atom, allowDuplicates))
      errors.push({ path: `.${key}${path}`, message });
  }
  return errors;
}

function listErrors(value: readonly Json[], list: ListAtom, allowDuplicates: boolean): TypeError[] {
  const errors: TypeError[] = [];
  const seen = new Set<PathElement>();
  for (const [index, item] of value.entries()) {
    let prefix = `[${index}]`;
    if (!list.atomic) {
      const found = itemElement(list, item);
      if ('error' in found) return [...errors, fault(`element ${index}: ${found.error}`)];
      prefix = describeElement(found.element);
      if (seen.has(found.element) && !allowDuplicates)
        errors.push(fault(`duplicate entries for key ${prefix}`));
      seen.add(found.element);
    }
    for (const { path, message } of errorsAt(item, list.element, allowDuplicates))
      errors.push({ path: prefix + path, message });
  }
  return errors;
}

function scalarErrors(value: Json, scalar: string): TypeError[] {
  const type = typeof value;
  if (scalar === 'numeric' && type !== 'number')
    return [fault(`expected numeric (int or float), got ${goType(value)}`)];
  if (scalar === 'string' && type !== 'string')
    return [fault(`expected string, got &value.valueUnstructured{Value:${goValue(value)}}`)];
  if (scalar === 'boolean' && type !== 'boolean')
    return [fault(`expected boolean, got &{${goValue(value)}}`)];
  if (type === 'object') return [fault(`expected any scalar, got &{${goValue(value)}}`)];
  return [];
}

function fault(message: string): TypeError {
  return { path: '', message };
}

function goType(value: Json): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  return typeof value === 'boolean' ? 'bool' : typeof value === 'number' ? 'int64' : 'string';
}

/** As Go's `%v` prints it. */
export function goValue(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(goValue).join(' ')}]`;
  if (!isObject(value)) return value === null ? '<nil>' : String(value);
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${pairs.map(([key, item]) => `${key}:${goValue(item)}`).join(' ')}]`;
}

/** The fields that an applied value claims: leaves and list items, not the maps and lists around them. */
export function toFieldSet(value: Json, atom: Atom): FieldSet {
  return fieldsBelow(value, atom).below;
}

interface Fields {
  self: boolean;
  below: FieldSet;
}

const nothing: Fields = { self: false, below: FieldSet.empty };
const itself: Fields = { self: true, below: FieldSet.empty };

function fieldsBelow(value: Json, atom: Atom): Fields {
  const kind = kindOf(atom, value);
  if (kind === 'scalar') return itself;
  if (kind === 'list') {
    if (atom.list!.atomic) return itself;
    return Array.isArray(value) ? fieldsOfList(value, atom.list!) : nothing;
  }
  if (atom.map!.atomic) return itself;
  return isObject(value) ? fieldsOfMap(value, atom.map!) : nothing;
}

function fieldsOfMap(value: JsonObject, map: MapAtom): Fields {
  const members = new Set<PathElement>();
  const children = new Map<PathElement, FieldSet>();
  for (const [key, item] of Object.entries(value)) {
    const element = fieldElement(key);
    const { self, below } = fieldsBelow(item, fieldAtom(map, key) ?? {});
    const hollow = item === null || (isObject(item) && Object.keys(item).length === 0);
    if (self || hollow || !map.fields.has(key)) members.add(element);
    if (!below.isEmpty) children.set(element, below);
  }
  return { self: false, below: new FieldSet(members, children) };
}

function fieldsOfList(value: readonly Json[], list: ListAtom): Fields {
  const items = new Map<PathElement, Json[]>();
  for (const item of value) {
    const found = itemElement(list, item);
    if ('element' in found) items.set(found.element, [...(items.get(found.element) ?? []), item]);
  }
  const children = new Map<PathElement, FieldSet>();
  for (const [element, same] of items) {
    if (same.length > 1) continue; // duplicates are owned as one
    const { below } = fieldsBelow(same[0]!, list.element);
    if (!below.isEmpty) children.set(element, below);
  }
  return { self: false, below: new FieldSet(new Set(items.keys()), children) };
}

/** The value without the members of `fields`; `null` where a map or list lost everything. */
export function removeFields(value: Json, fields: FieldSet, atom: Atom): Json {
  const kind = kindOf(atom, value);
  if (kind === 'scalar') return value;
  if (kind === 'list')
    return Array.isArray(value) && !atom.list!.atomic ? removeItems(value, fields, atom.list!) : null;
  return isObject(value) && !atom.map!.atomic ? removeKeys(value, fields, atom.map!) : null;
}

function removeItems(value: readonly Json[], fields: FieldSet, list: ListAtom): Json {
  const kept: Json[] = [];
  for (const item of value) {
    const found = itemElement(list, item);
    const element = 'element' in found ? found.element : '';
    if (fields.members.has(element)) continue;
    const below = fields.children.get(element);
    kept.push(below === undefined ? item : removeFields(item, below, list.element));
  }
  return kept.length > 0 ? kept : null;
}

function removeKeys(value: JsonObject, fields: FieldSet, map: MapAtom): Json {
  const kept: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    const element = fieldElement(key);
    if (fields.members.has(element)) continue;
    const below = fields.children.get(element);
    setKey(kept, key, below === undefined ? item : removeFields(item, below, fieldAtom(map, key) ?? {}));
  }
  return Object.keys(kept).length > 0 ? kept : null;
}
