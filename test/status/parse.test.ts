import type { StandardSchemaV1 } from '@standard-schema/spec';
import { describe, expect, it } from 'vitest';
import { isInvalidStatusError } from '../../src/errors.ts';
import { parseBackends, parseStatus, statusSchema } from '../../src/status/parse.ts';
import { fullStatus } from './samples.ts';

/** The faults of a report as `path: message`. */
function faults(parse: (input: unknown) => unknown, input: unknown): string[] {
  try {
    parse(input);
  } catch (error) {
    if (!isInvalidStatusError(error)) throw error;
    return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  }
  return [];
}

const fault = (change: object) => faults(parseStatus, { ...fullStatus(), ...change });
const backendFault = (change: object) => fault({ discoveredBackends: [{ name: 'a', ...change }] });
const conditionFault = (change: object) =>
  fault({ conditions: [{ type: 'Ready', status: 'True', reason: 'Fine', message: '', ...change }] });

describe('a valid report', () => {
  it('is copied as it is', () => {
    const status = fullStatus();
    const parsed = parseStatus(status);
    expect(parsed).toStrictEqual(status);
    expect(parsed).not.toBe(status);
    expect(parsed.discoveredBackends?.[0]).not.toBe(status.discoveredBackends?.[0]);
  });

  it('needs only a phase', () => {
    expect(parseStatus({ phase: 'Pending' })).toStrictEqual({ phase: 'Pending' });
  });

  it('has Dates turned into text, milliseconds kept', () => {
    const timestamp = new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 678));
    expect(parseStatus({ phase: 'Ready', timestamp }).timestamp).toBe('2026-01-02T03:04:05.678Z');
  });

  it('loses what is undefined or null: Go writes a zero time as null', () => {
    const backends = [{ name: 'a', url: undefined, lastHealthCheck: null }];
    const input = { phase: 'Ready', message: undefined, conditions: null, discoveredBackends: backends };
    expect(parseStatus(input)).toStrictEqual({ phase: 'Ready', discoveredBackends: [{ name: 'a' }] });
    const condition = { type: 'Ready', status: 'True', reason: 'Fine', message: '' };
    const conditions = [{ ...condition, lastTransitionTime: null, observedGeneration: undefined }];
    expect(parseStatus({ phase: 'Ready', conditions })).toStrictEqual({
      phase: 'Ready',
      conditions: [condition],
    });
  });

  it('gets an empty message for a condition that has none', () => {
    const condition = { type: 'Ready', status: 'True', reason: 'Fine' };
    expect(parseStatus({ phase: 'Ready', conditions: [condition] }).conditions).toStrictEqual([
      { ...condition, message: '' },
    ]);
  });

  it('may use every limit to the full', () => {
    const conditions = [
      { type: `${'a'.repeat(63)}.example.com/${'C'.repeat(240)}`, status: 'True', reason: 'R'.repeat(1024) },
      { type: 'Emoji', status: 'True', reason: 'A:b,c_', message: '😀'.repeat(32_768) },
    ];
    expect(
      fault({ conditions, backendCount: 2_147_483_647, observedGeneration: Number.MAX_SAFE_INTEGER }),
    ).toStrictEqual([]);
  });
});

describe('a fault', () => {
  it.each([
    [null, 'none'],
    [undefined, 'none'],
    [[], 'a list'],
    ['Ready', '"Ready"'],
    [7, '7'],
  ])('%j is not a report', (input, found) => {
    expect(faults(parseStatus, input)).toStrictEqual([`: expected an object, found ${found}`]);
  });

  it('in the phase names the phases', () => {
    expect(fault({ phase: 'ready' })).toStrictEqual([
      'phase: expected "Pending", "Ready", "Degraded" or "Failed", found "ready"',
    ]);
    expect(fault({ phase: null })[0]).toContain('found none');
  });

  it('in spelling names the key and the known ones', () => {
    expect(fault({ discoverdBackends: [] })).toStrictEqual([
      expect.stringMatching(/^discoverdBackends: unknown .*discoveredBackends/),
    ]);
    expect(backendFault({ URL: 'x' })).toStrictEqual([
      expect.stringMatching(/^discoveredBackends\.0\.URL: unknown/),
    ]);
    expect(conditionFault({ Status: 'x' })).toStrictEqual([
      expect.stringMatching(/^conditions\.0\.Status: unknown/),
    ]);
  });

  it('is a prototype key, also where JSON made it', () => {
    expect(
      faults(parseStatus, JSON.parse('{"phase":"Ready","__proto__":{"phase":"Failed"},"constructor":1}')),
    ).toHaveLength(2);
  });

  it('is a name used twice: both places are named', () => {
    const discoveredBackends = [{ name: 'a' }, { name: 'b' }, { name: 'a' }];
    expect(fault({ discoveredBackends })).toStrictEqual([
      'discoveredBackends.2.name: expected a name of its own, found "a" at index 0 and again at 2',
    ]);
    const condition = { type: 'Ready', status: 'True', reason: 'Fine', message: '' };
    expect(fault({ conditions: [condition, condition] })).toStrictEqual([
      'conditions.1.type: expected a type of its own, found "Ready" at index 0 and again at 1',
    ]);
  });

  it('is any NUL character and any half of a surrogate pair, in every text', () => {
    const texts = ['url', 'status', 'authType', 'authConfigRef', 'message', 'mcpRevision', 'name'];
    for (const key of texts) {
      expect(backendFault({ [key]: 'a\0' }), key).toStrictEqual([
        `discoveredBackends.0.${key}: expected text, found a NUL character at index 1`,
      ]);
      expect(backendFault({ [key]: 'a\ud800' }), key).toHaveLength(1);
    }
    expect(fault({ message: '\0' })).toHaveLength(1);
    expect(conditionFault({ message: '\udc00' })).toHaveLength(1);
  });

  it.each([-1, 2_147_483_648, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '1', 1n, true])(
    'is a count of %s',
    count => {
      expect(fault({ backendCount: count })).toHaveLength(1);
      expect(backendFault({ consecutiveFailures: count })).toHaveLength(1);
    },
  );

  it.each([-1, 2 ** 53, 0.5])('is a generation of %d', observedGeneration => {
    expect(fault({ observedGeneration })).toHaveLength(1);
    expect(conditionFault({ observedGeneration })).toHaveLength(1);
  });

  it.each([
    ['type', ''],
    ['type', 'two words'],
    ['type', '/Ready'],
    ['type', 'Example.com/Ready'],
    ['type', 'R'.repeat(317)],
    ['status', 'true'],
    ['status', true],
    ['reason', ''],
    ['reason', '1st'],
    ['reason', 'a-b'],
    ['reason', 'ends:'],
    ['reason', 'R'.repeat(1025)],
    ['message', 'm'.repeat(32_769)],
    ['message', '😀'.repeat(32_769)],
    ['lastTransitionTime', 'yesterday'],
  ])('is a condition whose %s is %j', (key, value) => {
    expect(conditionFault({ [key]: value })).toStrictEqual([
      expect.stringMatching(`^conditions\\.0\\.${key}: expected`),
    ]);
  });

  it.each(['type', 'status', 'reason'])('is a condition without %s', key => {
    expect(conditionFault({ [key]: undefined })).toHaveLength(1);
  });

  it('is a backend without a name, and a circuit breaker in no known state', () => {
    expect(fault({ discoveredBackends: [{}] })).toStrictEqual([
      'discoveredBackends.0.name: expected text, found none',
    ]);
    expect(backendFault({ circuitBreakerState: 'ajar' })).toStrictEqual([
      'discoveredBackends.0.circuitBreakerState: expected "closed", "open" or "half-open", found "ajar"',
    ]);
  });

  it('is an invalid Date, and one that RFC 3339 cannot write', () => {
    for (const timestamp of [
      new Date(Number.NaN),
      new Date(8.64e15),
      new Date('-000001-01-01T00:00:00Z'),
      0,
      '2026-02-30T00:00:00Z',
    ]) {
      expect(fault({ timestamp })).toHaveLength(1);
    }
  });

  it('does not hide another: all are listed', () => {
    const discoveredBackends = [{ name: 'a', url: 1 }, null, { name: 'a', x: 1 }];
    expect(
      fault({ phase: 'x', discoveredBackends, conditions: {}, extra: 1 }).map(text => text.split(':')[0]),
    ).toStrictEqual([
      'phase',
      'conditions',
      'discoveredBackends.0.url',
      'discoveredBackends.1',
      'discoveredBackends.2.x',
      'discoveredBackends.2.name',
      'extra',
    ]);
  });

  it('quotes little of what was found', () => {
    expect(fault({ phase: 'x'.repeat(10_000) })[0]!.length).toBeLessThan(150);
  });
});

describe('the Standard Schema', () => {
  it('is one', async () => {
    const schema: StandardSchemaV1<unknown, { phase: string }> = statusSchema;
    expect(schema['~standard']).toMatchObject({ version: 1, vendor: 'vmcp-status-reporter' });
    expect(await schema['~standard'].validate({ phase: 'Ready' })).toStrictEqual({
      value: { phase: 'Ready' },
    });
    expect(await schema['~standard'].validate({ phase: 'Ready', backendCount: -1 })).toStrictEqual({
      issues: [{ path: ['backendCount'], message: 'expected a whole number from 0 to 2147483647, found -1' }],
    });
  });
});

describe('the health of backends', () => {
  it('is checked like a report', () => {
    expect(parseBackends([{ name: 'a', health: 'healthy', error: null, url: undefined }])).toStrictEqual([
      { name: 'a', health: 'healthy' },
    ]);
    expect(faults(parseBackends, {})).toStrictEqual([': expected a list, found an object']);
    expect(
      faults(parseBackends, [{ name: '', health: 'fine', error: 7, status: 'ready' }, { name: 'a' }]),
    ).toStrictEqual([
      '0.name: expected text, found none',
      '0.health: expected "healthy", "degraded", "unhealthy", "unauthenticated" or "unknown", found "fine"',
      '0.error: expected an Error or text, found 7',
      expect.stringMatching(/^0\.status: unknown/),
      expect.stringMatching(/^1\.health: .* found none/),
    ]);
    const twice = [
      { name: 'a', health: 'healthy' },
      { name: 'a', health: 'healthy' },
    ];
    expect(faults(parseBackends, twice)).toHaveLength(1);
  });
});
