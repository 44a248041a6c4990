import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectAtom } from '../../src/testing/atom.ts';
import type { Json } from '../../src/testing/json.ts';
import { virtualMcpServerSchema } from '../../src/testing/schema.ts';
import { mergeTyped } from '../../src/testing/typed-merge.ts';

const atom = objectAtom(virtualMcpServerSchema());
const names = fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd', 'e', 'f'));
const backends = (list: readonly string[], extra: object) =>
  ({ status: { discoveredBackends: list.map(name => ({ name, ...extra })) } }) as unknown as Json;

describe('merging an applied list into the live one', () => {
  it('has every item once, applied items in the applied order, live items in theirs', () => {
    fc.assert(
      fc.property(names, names, (live, applied) => {
        fc.pre(live.length + applied.length > 0);
        const merged = mergeTyped(
          backends(live, { url: 'u' }),
          backends(applied, { status: 's' }),
          atom,
        ) as never as {
          status: { discoveredBackends: { name: string; url?: string; status?: string }[] };
        };
        const items = merged.status.discoveredBackends;
        const order = items.map(({ name }) => name);
        expect(new Set(order)).toEqual(new Set([...live, ...applied]));
        expect(order).toHaveLength(new Set(order).size);
        expect(order.filter(name => applied.includes(name))).toEqual(applied);
        const others = live.filter(name => !applied.includes(name));
        expect(order.filter(name => others.includes(name))).toEqual(others);
        for (const { name, url, status } of items) {
          expect(url).toBe(live.includes(name) ? 'u' : undefined);
          expect(status).toBe(applied.includes(name) ? 's' : undefined);
        }
      }),
    );
  });

  it('keeps an empty list apart from none', () => {
    expect(mergeTyped({ status: {} }, backends([], {}), atom)).toEqual(backends([], {}));
    expect(mergeTyped(backends([], {}), { status: { phase: 'Ready' } }, atom)).toEqual({
      status: { discoveredBackends: [], phase: 'Ready' },
    });
  });
});
