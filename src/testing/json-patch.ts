/**
 * JSON patch as the API server applies it: RFC 6902, read leniently. `replace` on an absent key of an object adds it,
 * negative indexes count from the end.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6902
 */
import type { Json, JsonObject } from './json.ts';
import { deepEqual, getKey, isObject, setKey } from './json.ts';

/** The patch does not apply; the message names the operation. */
export class JsonPatchError extends Error {
  override readonly name = 'JsonPatchError';
}

/**
 * The document with all operations applied, or none.
 *
 * @throws JsonPatchError where an operation fails
 */
export function applyJsonPatch(document: Json, operations: readonly Json[]): Json {
  const root: Root = { value: document };
  const owned = new WeakSet<object>();
  for (const operation of operations) applyOperation(root, isObject(operation) ? operation : {}, owned);
  return root.value;
}

interface Root {
  value: Json;
}

/** `owned` holds the containers that this patch has already copied, so that 10,000 operations copy each but once. */
function applyOperation(root: Root, operation: JsonObject, owned: WeakSet<object>): void {
  const path = text(operation, 'path');
  const value = getKey(operation, 'value');
  switch (operation.op) {
    case 'add':
      add(root, path, value ?? null, owned);
      return;
    case 'remove':
      remove(root, path, owned);
      return;
    case 'replace':
      replace(root, path, value ?? null, owned);
      return;
    case 'move': {
      const moved = remove(root, text(operation, 'from'), owned);
      add(root, path, moved, owned);
      return;
    }
    case 'copy':
      add(root, path, structuredClone(get(root, text(operation, 'from'))), owned);
      return;
    case 'test':
      test(root, path, value);
      return;
    default:
      throw new JsonPatchError(
        `Unexpected kind: ${typeof operation.op === 'string' ? operation.op : 'unknown'}`,
      );
  }
}

function text(operation: JsonObject, key: string): string {
  const value = getKey(operation, key);
  if (typeof value !== 'string') throw new JsonPatchError(`operation missing ${key} field`);
  return value;
}

function split(path: string): string[] {
  const [, ...rest] = path.split('/'); // what stands before the first slash does not count
  if (rest.length === 0) throw new JsonPatchError(`missing path: ${JSON.stringify(path)}`);
  return rest.map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

type Container = Json[] | JsonObject;

function isContainer(value: Json | undefined): value is Container {
  return Array.isArray(value) || isObject(value);
}

/** The container that the path ends in, and the last key. With `owned`, every container on the way becomes a copy. */
function find(root: Root, path: string, owned?: WeakSet<object>): { container: Container; key: string } {
  const parts = split(path);
  const key = parts.pop() ?? '';
  const missing = (): JsonPatchError =>
    new JsonPatchError(`doc is missing path: ${JSON.stringify(path)}: missing value`);
  const enter = (value: Json | undefined, put: (copy: Container) => void): Container => {
    if (!isContainer(value)) throw missing();
    if (owned === undefined || owned.has(value)) return value;
    const copy = Array.isArray(value) ? [...value] : { ...value };
    owned.add(copy);
    put(copy);
    return copy;
  };
  let container = enter(root.value, copy => {
    root.value = copy;
  });
  for (const part of parts) {
    const parent = container;
    const index = Array.isArray(parent) ? indexIn(part, parent.length - 1) : part;
    container = enter(read(parent, index), copy => write(parent, index, copy));
  }
  return { container, key };
}

function read(container: Container, key: string | number): Json | undefined {
  return Array.isArray(container) ? container[key as number] : getKey(container, key as string);
}

function write(container: Container, key: string | number, value: Json): void {
  if (Array.isArray(container)) container[key as number] = value;
  else setKey(container, key as string, value);
}

function indexIn(key: string, most: number): number {
  if (!/^[+-]?\d+$/.test(key)) throw new JsonPatchError(`not an array index: '${key}'`);
  const given = Number(key);
  const index = given < 0 ? given + most + 1 : given;
  if (index < 0 || index > most) throw new JsonPatchError(`Unable to access invalid index: ${given}`);
  return index;
}

function get(root: Root, path: string): Json {
  const { container, key } = find(root, path);
  return read(container, Array.isArray(container) ? indexIn(key, container.length - 1) : key) ?? null;
}

function add(root: Root, path: string, value: Json, owned: WeakSet<object>): void {
  const { container, key } = find(root, path, owned);
  if (!Array.isArray(container)) setKey(container, key, value);
  else if (key === '-') container.push(value);
  else container.splice(indexIn(key, container.length), 0, value);
}

function replace(root: Root, path: string, value: Json, owned: WeakSet<object>): void {
  if (path === '') {
    if (!isContainer(value)) throw new JsonPatchError('replace operation value must be object or array');
    root.value = value;
    return;
  }
  const { container, key } = find(root, path, owned);
  write(container, Array.isArray(container) ? indexIn(key, container.length - 1) : key, value);
}

function remove(root: Root, path: string, owned: WeakSet<object>): Json {
  const { container, key } = find(root, path, owned);
  if (Array.isArray(container)) return container.splice(indexIn(key, container.length - 1), 1)[0] ?? null;
  const value = getKey(container, key);
  if (value === undefined)
    throw new JsonPatchError(`Unable to remove nonexistent key: ${key}: missing value`);
  delete container[key];
  return value;
}

function test(root: Root, path: string, value: Json | undefined): void {
  const found = path === '' ? root.value : get(root, path);
  if (!deepEqual(found, value ?? null)) throw new JsonPatchError(`testing value ${path} failed: test failed`);
}
