import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { schemaPath, schemaText } from '../../scripts/schema.ts';
import type { Issue } from '../../src/errors.ts';
import { checkOf, run } from '../../src/status/check.ts';
import schema from '../../src/status/schema.json' with { type: 'json' };
import { backendsReportType, statusType } from '../../src/status/schema.ts';
import { anyReport, anyTime } from './arbitraries.ts';

type Json = Record<string | number, unknown>;

/** Values that are right in some places and wrong in others. */
const anything = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    'Ready',
    'a name',
    'open',
    'Error\0',
    '\ud800',
    '2026-02-30T00:00:00Z',
  ),
  fc.constantFrom<unknown>(0, -1, 1.5, Number.NaN, 2 ** 31, 2 ** 53, true, [], {}, { message: 'm' }, () => 1),
  fc.constantFrom<unknown>(new Date(0), new Date(Number.NaN), new Date(8.64e15)),
  fc.constantFrom(315, 316, 317, 1024, 1025, 32_768, 32_769).map(length => 'a'.repeat(length)),
  fc.constantFrom(32_768, 32_769).map(length => '😀'.repeat(length)),
  anyTime,
  fc.date({ noInvalidDate: false }),
);

const anyBackends: fc.Arbitrary<unknown> = fc.record(
  {
    backends: fc.array(
      fc.record(
        {
          name: fc.constantFrom('a', 'b', 'c', ''),
          health: fc.constantFrom('healthy', 'degraded', 'unhealthy', 'unauthenticated', 'unknown'),
          error: fc.constantFrom('refused', { message: 'refused' }, new TypeError('failed')),
          lastCheck: anyTime,
          consecutiveFailures: fc.nat(),
        },
        { requiredKeys: ['name', 'health'] },
      ),
      { maxLength: 4 },
    ),
    configuredCount: fc.nat(),
    timestamp: anyTime,
  },
  { requiredKeys: ['backends'] },
);

/** Changes some places of a report: a value, a name that nobody knows, a thing left out or said twice. */
function disturbed(report: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const change = fc.record({
    at: fc.nat(),
    how: fc.constantFrom('set', 'add', 'remove', 'repeat'),
    value: anything,
  });
  return fc.tuple(report, fc.array(change, { maxLength: 3 })).map(([valid, changes]) => {
    const whole = { report: structuredClone(valid) };
    for (const { at, how, value } of changes) {
      const places = [...placesOf(whole)];
      if (places.length === 0) break;
      const [parent, key] = places[at % places.length]!;
      if (how === 'set') parent[key] = copy(value);
      else if (Array.isArray(parent)) parent.push(how === 'repeat' ? parent[Number(key)] : copy(value));
      else if (how === 'remove') delete parent[key];
      else parent['surprise'] = value;
    }
    return whole.report;
  });
}

function copy(value: unknown): unknown {
  return typeof value === 'object' ? structuredClone(value) : value;
}

function* placesOf(value: unknown): Generator<[parent: Json, key: string]> {
  if (typeof value !== 'object' || value === null || value instanceof Date) return;
  for (const key of Object.keys(value)) {
    yield [value as Json, key];
    yield* placesOf((value as Json)[key]);
  }
}

/** Where zod finds faults, an unknown property being a place of its own. */
function placesOfFaults(error: z.ZodError): string[] {
  return error.issues.flatMap(issue => {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys.map(key => [key]) : [[]];
    return keys.map(key => [...issue.path, ...key].join('.'));
  });
}

const isRepetition = ({ message }: Issue) => message.includes('of its own');

describe('schema.json', () => {
  it('is what its zod types make: npm run schema', async () => {
    expect(await readFile(schemaPath, 'utf8')).toBe(schemaText());
  });

  it.each([
    ['a status', statusType, checkOf(schema.status), anyReport],
    ['the health of backends', backendsReportType, checkOf(schema.backendsReport), anyBackends],
  ] as const)(
    'accepts of %s what zod accepts, makes the same of it, and refuses the rest at the same places',
    (_, type, check, valid) => {
      let refused = 0;
      fc.assert(
        fc.property(disturbed(valid), input => {
          const ours = run(check, input);
          const theirs = type.safeParse(input);
          if (theirs.success) {
            // What is absent is undefined to zod.
            expect(ours).toEqual({ value: theirs.data });
            return;
          }
          refused++;
          const places = new Set(placesOfFaults(theirs.error));
          // zod looks for repetitions only where the items are right.
          const found = (ours.issues ?? []).filter(
            issue => !isRepetition(issue) || places.has(issue.path.join('.')),
          );
          expect(new Set(found.map(({ path }) => path.join('.')))).toStrictEqual(places);
        }),
        { numRuns: 400 },
      );
      expect(refused).toBeGreaterThan(40);
    },
  );
});
