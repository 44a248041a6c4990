import { ConfigurationError } from '../../errors.ts';

/** Takes a value as what it should be, or says where it is not. `null` and absent are the same, as in Go. */
export type Reader<T> = (value: unknown, where: string) => T;

type Fields<T> = { readonly [K in keyof T]-?: Reader<T[K]> };

export const text: Reader<string | undefined> = (value, where) => {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string')
    throw wrong(where, 'text', value, typeof value === 'object' ? '' : '; put it in quotes');
  return value || undefined;
};

export const flag: Reader<boolean | undefined> = (value, where) => {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw wrong(where, 'true or false', value);
  return value;
};

export const anything: Reader<unknown> = value => value ?? undefined;

export function required<T>(reader: Reader<T | undefined>): Reader<T> {
  return (value, where) => {
    const found = reader(value, where);
    if (found === undefined) throw new ConfigurationError(`${where}: expected a value, found none`);
    return found;
  };
}

export function list<T>(reader: Reader<T>): Reader<readonly T[] | undefined> {
  return (value, where) => {
    if (value === undefined || value === null) return undefined;
    if (!Array.isArray(value)) throw wrong(where, 'a list', value);
    return value.map((item, index) => reader(item, `${where}[${index}]`));
  };
}

/** A mapping with these fields; others are left out, as Go leaves them out. */
export function mapping<T extends object>(fields: Fields<T>): Reader<T | undefined> {
  return (value, where) => {
    if (value === undefined || value === null) return undefined;
    const source = record(value, where);
    const result: Record<string, unknown> = {};
    for (const [name, reader] of Object.entries<Reader<unknown>>(fields)) {
      const found = reader(
        Object.hasOwn(source, name) ? source[name] : undefined,
        `${where}.${name}`.replace(/^\./, ''),
      );
      if (found !== undefined) result[name] = found;
    }
    return result as T;
  };
}

/** A mapping from any name to the same kind of value. */
export function mapOf<T>(reader: Reader<T>): Reader<Readonly<Record<string, T>> | undefined> {
  return (value, where) => {
    if (value === undefined || value === null) return undefined;
    const entries = Object.entries(record(value, where));
    return Object.fromEntries(
      entries.map(([name, item]) => [name, reader(item, `${where}[${JSON.stringify(name)}]`)]),
    );
  };
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(where, 'a mapping', value);
  return value as Record<string, unknown>;
}

/** Tells the kind of what was found, never the value: it may be a secret. */
function wrong(where: string, expected: string, value: unknown, advice = ''): ConfigurationError {
  const found = Array.isArray(value)
    ? 'a list'
    : typeof value === 'object'
      ? 'a mapping'
      : `a ${typeof value}`;
  return new ConfigurationError(`${where}: expected ${expected}, found ${found}${advice}`);
}
