import { array, check, never, nullish } from 'zod/mini';
import { $ZodObjectJIT, type $ZodType } from 'zod/v4/core';
import { show } from './leaf.ts';

/** The objects and lists of a report. */

type Shape = Readonly<Record<string, $ZodType>>;

/**
 * An object with these properties and no other: a typing error in a name must not be lost. zod's compiled object,
 * which zod/mini does without: twice as fast where code may be generated, the same where it may not.
 */
export function record<Output>(shape: Shape): $ZodType<Output> {
  return new $ZodObjectJIT({
    type: 'object',
    shape,
    catchall: never(),
  }) as unknown as $ZodType<Output>;
}

/** A list whose items differ in their `key`. */
export function list<Output>(item: $ZodType<Output>, key: keyof Output & string) {
  const unique = check<Output[]>(
    ({ value, issues }) => {
      const seen = new Map<unknown, number>();
      for (let index = 0; index < value.length; index++) {
        const name: unknown = value[index]?.[key];
        const first = seen.get(name);
        if (first === undefined) seen.set(name, index);
        else if (typeof name === 'string') {
          const message = `expected a ${key} of its own, found ${show(name)} at index ${first} and again at ${index}`;
          issues.push({ code: 'custom', message, path: [index, key], input: name });
        }
      }
    },
    // Also where items are at fault: every problem is to be listed.
    { when: ({ value }) => Array.isArray(value) },
  );
  return array(item).check(unique);
}

/** {@link list}, or none. */
export function optionalList<Output>(item: $ZodType<Output>, key: keyof Output & string) {
  return nullish(list(item, key));
}
