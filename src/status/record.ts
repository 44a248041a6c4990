import {
  $constructor,
  $ZodType,
  type $ZodTypeDef,
  type $ZodTypeInternals,
  type ParsePayload,
} from 'zod/v4/core';
import { show } from './leaf.ts';

/**
 * The objects and lists of a report, as zod types of our own: zod's can do far more, and are a fifth of the library by
 * size.
 */

type Shape = Readonly<Record<string, $ZodType>>;

interface RecordDef extends $ZodTypeDef {
  readonly type: 'object';
  readonly shape: Shape;
  /** To JSON Schema: no other property. */
  readonly catchall: $ZodType;
}

interface ListDef extends $ZodTypeDef {
  readonly type: 'array';
  readonly element: $ZodType;
  readonly key: string;
  readonly optional: boolean;
}

interface Type<Def extends $ZodTypeDef>
  extends $ZodType<unknown, unknown, $ZodTypeInternals & { def: Def }> {}

const Never: $constructor<$ZodType> = $constructor('Never', (inst, def) => {
  $ZodType.init(inst, def);
});

const RecordType: $constructor<Type<RecordDef>> = $constructor('Record', (inst, def) => {
  $ZodType.init(inst, def);
  const { shape } = def;
  const known = Object.keys(shape);
  const parsers = new Map(known.map(key => [key, (shape[key] as $ZodType)._zod.run]));
  const needed = known.filter(key => shape[key]?._zod.optin !== 'optional');
  inst._zod.parse = (payload, context) => {
    const input = payload.value;
    if (typeof input !== 'object' || input === null || Array.isArray(input)) {
      return refuse(payload, inst, `expected an object, found ${show(input)}`);
    }
    // A copy keeps the layout that the engine knows, and few values change: faster than building it up.
    const output: Record<string, unknown> = { ...input };
    payload.value = output;
    // One payload for all fields: a report of 50 backends has 550 of them.
    const field: ParsePayload = { value: undefined, issues: [] };
    for (const key in output) {
      const parse = parsers.get(key);
      if (parse === undefined) {
        refuse(payload, inst, `unknown property; known are ${known.join(', ')}`, [key]);
        continue;
      }
      const value = output[key];
      field.value = value;
      parse(field, context);
      if (field.issues.length > 0) hand(field, payload, key);
      else if (field.value === undefined || field.value === null) delete output[key];
      else if (field.value !== value) output[key] = field.value;
    }
    for (const key of needed) {
      if (key in output) continue;
      field.value = undefined;
      parsers.get(key)?.(field, context);
      if (field.issues.length > 0) hand(field, payload, key);
      else output[key] = field.value;
    }
    return payload;
  };
});

const ListType: $constructor<Type<ListDef>> = $constructor('List', (inst, def) => {
  $ZodType.init(inst, def);
  const { element, key, optional } = def;
  if (optional) inst._zod.optin = inst._zod.optout = 'optional';
  inst._zod.parse = (payload, context) => {
    const input = payload.value;
    if (optional && (input === undefined || input === null)) return payload;
    if (!Array.isArray(input)) return refuse(payload, inst, `expected a list, found ${show(input)}`);
    const seen = new Map<unknown, number>();
    const item: ParsePayload = { value: undefined, issues: [] };
    payload.value = input.map((value, index) => {
      item.value = value;
      element._zod.run(item, context);
      if (item.issues.length > 0) hand(item, payload, index);
      const name: unknown = value?.[key];
      const first = seen.get(name);
      if (first === undefined) seen.set(name, index);
      else if (typeof name === 'string') {
        const message = `expected a ${key} of its own, found ${show(name)} at index ${first} and again at ${index}`;
        refuse(payload, inst, message, [index, key]);
      }
      return item.value;
    });
    return payload;
  };
});

/** An object with these properties and no other: a typing error in a name must not be lost. What is absent is left out. */
export function record<Output>(shape: Shape): $ZodType<Output> {
  const catchall = new Never({ type: 'never' });
  return new RecordType({ type: 'object', shape, catchall }) as $ZodType<Output>;
}

/** A list whose items differ in their `key`. */
export function list<Output>(element: $ZodType<Output>, key: keyof Output & string): $ZodType<Output[]> {
  return new ListType({ type: 'array', element, key, optional: false }) as $ZodType<Output[]>;
}

/** {@link list}, or none. */
export function optionalList<Output>(
  element: $ZodType<Output>,
  key: keyof Output & string,
): $ZodType<Output[] | undefined> {
  return new ListType({ type: 'array', element, key, optional: true }) as $ZodType<Output[] | undefined>;
}

function refuse(
  payload: ParsePayload,
  inst: $ZodType,
  message: string,
  path: PropertyKey[] = [],
): ParsePayload {
  payload.issues.push({ code: 'custom', message, path, input: payload.value, inst });
  return payload;
}

/** Moves the issues of a part to the whole. */
function hand(part: ParsePayload, whole: ParsePayload, key: PropertyKey): void {
  for (const issue of part.issues) whole.issues.push({ ...issue, path: [key, ...(issue.path ?? [])] });
  part.issues = [];
}
