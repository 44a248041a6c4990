import { InvalidStatusError, type Issue } from '../errors.ts';
import { faultOf, show } from './leaf.ts';

/** Checks values from outside by schema.json. A fifth of what zod takes, by size, and in words of our own. */

/** The part of JSON Schema that scripts/schema.ts writes. What is nothing else is text. */
export interface Schema {
  /** An object. */
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** A list. */
  readonly items?: Schema;
  /** The property in which items differ. */
  readonly key?: string;
  /** A word. */
  readonly enum?: readonly string[];
  /** `date-time`, or `error`: an Error or text. */
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  /** What the pattern means. */
  readonly description?: string;
  /** A whole number, from 0. */
  readonly maximum?: number;
  readonly default?: unknown;
}

/** A checked value, or its faults. */
export type Result<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] };

/**
 * Gives back a copy of the value: times as text, without what is absent. Adds what is wrong to `issues`; the answer is of
 * no use then.
 */
export type Check = (value: unknown, issues: Fault[]) => unknown;

interface Fault extends Issue {
  readonly path: (string | number)[];
}

/** Compiles a schema, once. */
export function checkOf(schema: Schema): Check {
  if (schema.properties) return recordCheck(schema.properties, schema.required);
  if (schema.items) return listCheck(checkOf(schema.items), schema.key!);
  const faultIn = faultOf(schema);
  return (value, issues) => {
    const message = faultIn(value);
    if (message !== undefined) return refuse(issues, message);
    return value instanceof Date ? value.toISOString() : value;
  };
}

export function run<Output>(check: Check, input: unknown): Result<Output> {
  const issues: Fault[] = [];
  const value = check(input, issues);
  return issues.length > 0 ? { issues } : { value: value as Output };
}

/**
 * A value from outside, checked.
 *
 * @throws InvalidStatusError listing every fault
 */
export function parseAs<Output>(check: Check, input: unknown): Output {
  const result = run<Output>(check, input);
  if (result.issues) throw new InvalidStatusError(result.issues);
  return result.value;
}

/** An object with these properties and no other: a typing error in a name must not be lost. */
function recordCheck(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Check {
  const checks = new Map(Object.entries(properties).map(([key, schema]) => [key, checkOf(schema)]));
  const defaults = Object.entries(properties).filter(([, schema]) => schema.default !== undefined);
  const known = Object.keys(properties).join(', ');
  return (value, issues) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return refuse(issues, `expected an object, found ${show(value)}`);
    }
    // A copy keeps the layout that the engine knows, and few values change: faster than building it up.
    const output: Record<string, unknown> = { ...value };
    for (const key in output) {
      const check = checks.get(key);
      const given = output[key];
      if (check === undefined) {
        refuse(issues, `unknown property; known are ${known}`, key);
      } else if (given === undefined || given === null) {
        delete output[key];
      } else {
        const before = issues.length;
        const checked = check(given, issues);
        if (checked !== given) output[key] = checked;
        if (issues.length > before) locate(issues, before, key);
      }
    }
    for (const [key, schema] of defaults) output[key] ??= schema.default;
    for (const key of required) {
      if (key in output) continue;
      const before = issues.length;
      checks.get(key)?.(undefined, issues);
      locate(issues, before, key);
    }
    return output;
  };
}

/** A list whose items differ in their `key`. */
function listCheck(check: Check, key: string): Check {
  return (value, issues) => {
    if (!Array.isArray(value)) return refuse(issues, `expected a list, found ${show(value)}`);
    const seen = new Map<unknown, number>();
    return value.map((item, index) => {
      const before = issues.length;
      const checked = check(item, issues);
      if (issues.length > before) locate(issues, before, index);
      const name: unknown = item?.[key];
      const first = seen.get(name);
      if (first === undefined) seen.set(name, index);
      else if (typeof name === 'string') {
        const message = `expected a ${key} of its own, found ${show(name)} at index ${first} and again at ${index}`;
        refuse(issues, message, index, key);
      }
      return checked;
    });
  };
}

function refuse(issues: Fault[], message: string, ...path: (string | number)[]): void {
  issues.push({ path, message });
}

/** Says of the issues from `start` on, which are of a part, where in the whole that is. */
function locate(issues: Fault[], start: number, key: string | number): void {
  for (let index = start; index < issues.length; index++) issues[index]!.path.unshift(key);
}
