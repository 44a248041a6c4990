import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance, mostAhead, observedAt, type Position } from '../../src/http/ordering.ts';

/** Sends reports in turn; says of each whether it was taken. */
function send(reports: readonly { instance?: string; observedAt: number }[]) {
  let positions: readonly Position[] = [];
  return reports.map(report => {
    const after = advance(positions, report);
    positions = after ?? positions;
    return after !== undefined;
  });
}

const of = (instance: string | undefined, ...times: number[]) =>
  times.map(observedAt => ({ observedAt, ...(instance !== undefined && { instance }) }));

describe('when a report was observed', () => {
  const now = Date.parse('2026-11-22T10:00:00Z');

  it('is its timestamp, else its arrival', () => {
    expect(observedAt('2026-11-22T09:00:00.5Z', now)).toBe(now - 3_599_500);
    expect(observedAt(undefined, now)).toBe(now);
  });

  it('is at most a minute ahead of the service: one report dated 2099 must not block a resource', () => {
    expect(observedAt(new Date(now + mostAhead), now)).toBe(now + 60_000);
    expect(() => observedAt('2026-11-22T10:01:00.001Z', now)).toThrow(
      expect.objectContaining({
        code: 'invalid_status',
        issues: [
          {
            path: ['timestamp'],
            message:
              'expected a time at most 60 s after 2026-11-22T10:00:00.000Z, found 2026-11-22T10:01:00.001Z',
          },
        ],
      }),
    );
  });
});

describe('within one instance', () => {
  it('an older report is stale, an equally old one is not', () => {
    expect(send(of('a', 10, 9, 10, 11, 10))).toStrictEqual([true, false, true, true, false]);
  });

  it('reports that name no instance are ordered among each other', () => {
    expect(send(of(undefined, 10, 9))).toStrictEqual([true, false]);
  });
});

describe('a new instance', () => {
  it('starts afresh: its clock may be behind that of the one before', () => {
    expect(send([...of('a', 100), ...of('b', 50, 60)])).toStrictEqual([true, true, true]);
  });

  it('does not let late reports of the one before through', () => {
    expect(send([...of('a', 100), ...of('b', 50), ...of('a', 99, 100)])).toStrictEqual([
      true,
      true,
      false,
      true,
    ]);
  });
});

const reports = fc.array(
  fc.record({
    instance: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }),
    observedAt: fc.integer({ min: 0, max: 50 }),
  }),
  { maxLength: 60 },
);

describe('whatever is sent', () => {
  it('what is taken of an instance never goes back in time, and only what would is refused', () => {
    fc.assert(
      fc.property(reports, sent => {
        const taken = send(sent as { instance?: string; observedAt: number }[]);
        const last = new Map<string | undefined, number>();
        sent.forEach(({ instance, observedAt }, index) => {
          const before = last.get(instance) ?? Number.NEGATIVE_INFINITY;
          expect(taken[index]).toBe(observedAt >= before);
          if (taken[index]) last.set(instance, observedAt);
        });
      }),
    );
  });

  it('the last one taken is the latest of its instance, in whatever order one instance is heard', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1 }), times => {
        const taken = send(of('a', ...times));
        expect(times.filter((_, index) => taken[index]).at(-1)).toBe(Math.max(...times));
      }),
    );
  });

  it('what is remembered is bounded', () => {
    let positions: readonly Position[] = [];
    for (let n = 0; n < 1000; n++) positions = advance(positions, { instance: `pod-${n}`, observedAt: 1 })!;
    expect(positions).toHaveLength(16);
    expect(positions.at(-1)).toStrictEqual({ instance: 'pod-999', observedAt: 1 });
  });
});
