import { $constructor, $ZodType, type $ZodTypeDef, type $ZodTypeInternals } from 'zod/v4/core';
import { isInstant, isRfc3339 } from './time.ts';

/**
 * The scalar values of a report, as zod types of our own: one function call each, where zod's string with checks and
 * `optional` are four. A report of 50 backends has 550 of them.
 */

/** What JSON Schema says of a value; the build writes the OpenAPI document from it. */
type JsonSchema = Readonly<Record<string, unknown>>;

interface LeafDef extends $ZodTypeDef {
  /** What is wrong with a value, else `undefined`. */
  readonly problem: (value: unknown) => string | undefined;
  readonly json: JsonSchema;
  /** May be absent; then `null` counts as absent too, as everywhere in the Kubernetes API. */
  readonly optional?: boolean;
  /** What an absent value becomes. */
  readonly fallback?: unknown;
}

interface LeafInternals<Output> extends $ZodTypeInternals<Output, unknown> {
  def: LeafDef;
}

interface Leaf<Output> extends $ZodType<Output, unknown, LeafInternals<Output>> {}

const Leaf: $constructor<Leaf<unknown>> = $constructor('Leaf', (inst, def) => {
  $ZodType.init(inst, def);
  const { problem, optional, fallback, json } = def;
  if (optional) {
    inst._zod.optin = fallback === undefined ? 'optional' : 'defaulted';
    if (fallback === undefined) inst._zod.optout = 'optional';
  }
  inst._zod.toJSONSchema = () => json;
  inst._zod.parse = payload => {
    const { value } = payload;
    if (optional && (value === undefined || value === null)) {
      if (fallback !== undefined) payload.value = fallback;
      return payload;
    }
    const message = problem(value);
    if (message !== undefined) payload.issues.push({ code: 'custom', message, input: value, inst });
    else if (value instanceof Date) payload.value = value.toISOString();
    return payload;
  };
});

/** One of a few words. */
export function word<const Word extends string>(words: readonly Word[]): Leaf<Word> {
  const known = new Set<unknown>(words);
  const expected = `expected ${words.map(known => `"${known}"`).join(', ')}`.replace(/, ([^,]*)$/, ' or $1');
  return leaf({ enum: words }, value => (known.has(value) ? undefined : `${expected}, found ${show(value)}`));
}

/** Limits of {@link text}. */
interface TextLimits {
  readonly minLength?: number;
  /** In code points, as the API server counts. */
  readonly maxLength?: number;
  readonly pattern?: RegExp;
  /** What the pattern means, for people. */
  readonly meaning?: string;
}

/** Text that survives JSON, Go and etcd: no NUL, no half of a surrogate pair. */
export function text({ minLength = 0, maxLength, pattern, meaning }: TextLimits = {}): Leaf<string> {
  const json: JsonSchema = {
    type: 'string',
    ...(minLength > 0 && { minLength }),
    ...(maxLength !== undefined && { maxLength }),
    ...(pattern && { pattern: pattern.source }),
  };
  return leaf(json, value => {
    if (typeof value !== 'string') return `expected text, found ${show(value)}`;
    if (!value.isWellFormed()) return 'expected Unicode text, found half of a surrogate pair';
    const nul = value.indexOf('\0');
    if (nul >= 0) return `expected text, found a NUL character at index ${nul}`;
    if (value.length < minLength) return 'expected text, found none';
    if (maxLength !== undefined && value.length > maxLength) {
      const length = [...value].length;
      if (length > maxLength) return `expected at most ${maxLength} characters, found ${length}`;
    }
    if (pattern && !pattern.test(value)) return `expected ${meaning}, found ${show(value)}`;
    return undefined;
  });
}

/** A moment; a `Date` becomes RFC 3339 text. */
export function time(): Leaf<string> {
  return leaf({ type: 'string', format: 'date-time' }, value => {
    if (typeof value === 'string' ? isRfc3339(value) : value instanceof Date && isInstant(value.getTime())) {
      return undefined;
    }
    return `expected a Date or RFC 3339 text such as "2026-01-02T03:04:05Z", found ${show(value)}`;
  });
}

/** A whole number from 0 to `maximum`. */
export function count(maximum: number): Leaf<number> {
  return leaf({ type: 'integer', minimum: 0, maximum }, value => countFault(value, maximum));
}

/** What is wrong with `value` as a whole number from 0 to `maximum`, else `undefined`. */
export function countFault(value: unknown, maximum: number): string | undefined {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= maximum
    ? undefined
    : `expected a whole number from 0 to ${maximum}, found ${show(value)}`;
}

/** Any value that `accepts` takes. */
export function custom<Output>(expected: string, accepts: (value: unknown) => boolean): Leaf<Output> {
  return leaf({}, value => (accepts(value) ? undefined : `expected ${expected}, found ${show(value)}`));
}

/** The same value, or none. With a `fallback`, that where there is none. */
export function optional<Output>(type: Leaf<Output>, fallback?: Output): Leaf<Output> {
  const { json } = type._zod.def;
  return new Leaf({
    ...type._zod.def,
    json: fallback === undefined ? json : { ...json, default: fallback },
    optional: true,
    fallback,
  }) as Leaf<Output>;
}

/** `value` as an error may name it: short, on one line. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (value instanceof Date) return 'an invalid Date';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' || typeof value === 'function')
    return `an ${typeof value}`.replace('an f', 'a f');
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
}

function leaf<Output>(json: JsonSchema, problem: LeafDef['problem']): Leaf<Output> {
  return new Leaf({ type: 'custom', json, problem }) as Leaf<Output>;
}
