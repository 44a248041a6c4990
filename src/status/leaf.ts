import type { Schema } from './check.ts';
import { isInstant, isRfc3339 } from './time.ts';

export const int32 = 2_147_483_647;

/** What is wrong with a value, else `undefined`. */
export type Fault = (value: unknown) => string | undefined;

/** The scalar values of a report: how each is checked, and what is said where it is wrong. */
export function faultOf(schema: Schema): Fault {
  const { enum: words, format, maximum } = schema;
  if (words) return wordFault(words);
  if (format) return format === 'error' ? errorFault : timeFault;
  return maximum ? value => countFault(value, maximum) : textFault(schema);
}

function wordFault(words: readonly string[]): Fault {
  const known = new Set<unknown>(words);
  const expected = `expected ${words.map(word => `"${word}"`).join(', ')}`.replace(/, ([^,]*)$/, ' or $1');
  return value => (known.has(value) ? undefined : `${expected}, found ${show(value)}`);
}

/** Text that survives JSON, Go and etcd; lengths in code points, as the API server counts. */
function textFault({ minLength = 0, maxLength = Infinity, pattern, description }: Schema): Fault {
  const form = pattern && new RegExp(pattern);
  return value => {
    if (typeof value !== 'string') return `expected text, found ${show(value)}`;
    if (!value.isWellFormed()) return 'expected Unicode text, found half of a surrogate pair';
    const nul = value.indexOf('\0');
    if (nul >= 0) return `expected text, found a NUL character at index ${nul}`;
    if (value.length < minLength) return 'expected text, found none';
    if (value.length > maxLength) {
      const length = [...value].length;
      if (length > maxLength) return `expected at most ${maxLength} characters, found ${length}`;
    }
    return form && !form.test(value) ? `expected ${description}, found ${show(value)}` : undefined;
  };
}

function timeFault(value: unknown): string | undefined {
  if (typeof value === 'string' ? isRfc3339(value) : value instanceof Date && isInstant(value.getTime())) {
    return undefined;
  }
  return `expected a Date or RFC 3339 text such as "2026-01-02T03:04:05Z", found ${show(value)}`;
}

export function countFault(value: unknown, maximum: number): string | undefined {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= maximum
    ? undefined
    : `expected a whole number from 0 to ${maximum}, found ${show(value)}`;
}

/** Text or anything like an `Error`, also one of another realm. */
function errorFault(value: unknown): string | undefined {
  return typeof value === 'string' || (typeof value === 'object' && value !== null && 'message' in value)
    ? undefined
    : `expected an Error or text, found ${show(value)}`;
}

/** `value` as an error may name it: short, on one line. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (value instanceof Date) return 'an invalid Date';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
}
