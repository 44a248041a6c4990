import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Recent } from '../../src/http/recent.ts';

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const step = fc.oneof(
  fc.record({ do: fc.constant('set' as const), key, value: fc.nat() }),
  fc.record({ do: fc.constant('use' as const), key }),
  fc.record({ do: fc.constant('take' as const), key }),
);

describe('what was set or used recently', () => {
  it('is found, in the order in which it was set or used last; what is too much goes, the oldest first', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(step), (limit, steps) => {
        const left: [string, number][] = [];
        const recent = new Recent<number>(limit, (...entry) => left.push(entry));
        // A Map is walked in the order of insertion.
        const model = new Map<string, number>();
        const gone: [string, number][] = [];
        for (const step of steps) {
          const before = model.get(step.key);
          model.delete(step.key);
          if (step.do === 'take') expect(recent.take(step.key)).toBe(before);
          else if (step.do === 'use') {
            expect(recent.use(step.key)).toBe(before);
            if (before !== undefined) model.set(step.key, before);
          } else {
            recent.set(step.key, step.value);
            model.set(step.key, step.value);
            for (const [key, value] of [...model].slice(0, -limit)) {
              gone.push([key, value]);
              model.delete(key);
            }
          }
          expect([...recent.entries()]).toStrictEqual([...model]);
          expect([...recent.keys()]).toStrictEqual([...model.keys()]);
          expect([recent.size, recent.get(step.key)]).toStrictEqual([model.size, model.get(step.key)]);
        }
        expect(left).toStrictEqual(gone);
      }),
    );
  });

  it('is forgotten once it is taken', () => {
    const recent = new Recent<number>(2);
    recent.set('a', 1);
    expect([recent.take('a'), recent.take('a'), recent.get('a'), recent.size]).toStrictEqual([
      1,
      undefined,
      undefined,
      0,
    ]);
  });
});
