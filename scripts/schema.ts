// Writes what reports are checked by, from the zod types of src/status/schema.ts: made here, so that zod is no part of what
// runs. `node scripts/schema.ts`; it writes only what changed.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { Schema } from '../src/status/check.ts';
import { backendsReportType, statusType } from '../src/status/schema.ts';

/** Where it is kept. */
export const schemaPath = join(import.meta.dirname, '..', 'src', 'status', 'schema.json');

/** What zod makes of a type, as far as a check reads it. */
function schemaOf(type: z.ZodType): Schema {
  return z.toJSONSchema(type, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      const schema = jsonSchema as Record<string, unknown>;
      const { anyOf, 'x-kubernetes-list-map-keys': keys } = schema;
      if (Array.isArray(keys)) schema['key'] = keys[0];
      // The one thing that is of two types is an Error or text.
      if (anyOf !== undefined) schema['format'] = 'error';
      for (const name of unread) delete schema[name];
    },
  }) as Schema;
}

/** What else says of which type a value is. */
const unread = [
  'additionalProperties',
  'anyOf',
  'minimum',
  'type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-list-type',
];

/** As it is written. */
export function schemaText(): string {
  const schemas = { status: schemaOf(statusType), backendsReport: schemaOf(backendsReportType) };
  return `${JSON.stringify(schemas, (key, value) => (key === '$schema' ? undefined : value), 2)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = schemaText();
  const before = await readFile(schemaPath, 'utf8').catch(() => '');
  if (text !== before) await writeFile(schemaPath, text);
}
