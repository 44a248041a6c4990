import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FieldSet, fieldSetOf } from '../../src/testing/field-set.ts';

const elements = ['f:a', 'f:b', 'k:{"name":"x"}', 'k:{"name":"y"}', 'v:"z"'];
const paths = fc.array(fc.array(fc.constantFrom(...elements), { minLength: 1, maxLength: 4 }), {
  maxLength: 8,
});

/** The plain model: a set of joined paths. */
const modelOf = (list: readonly (readonly string[])[]): Set<string> =>
  new Set(list.map(path => path.join('|')));
const modelOfSet = (set: FieldSet, prefix: readonly string[] = []): Set<string> =>
  new Set([
    ...[...set.members].map(member => [...prefix, member].join('|')),
    ...[...set.children].flatMap(([element, below]) => [...modelOfSet(below, [...prefix, element])]),
  ]);

describe('FieldSet', () => {
  it('union, intersection and difference are those of the sets of paths', () => {
    fc.assert(
      fc.property(paths, paths, (left, right) => {
        const [a, b] = [fieldSetOf(...left), fieldSetOf(...right)];
        const [m, n] = [modelOf(left), modelOf(right)];
        expect(modelOfSet(a.union(b))).toEqual(new Set([...m, ...n]));
        expect(modelOfSet(a.intersection(b))).toEqual(new Set([...m].filter(path => n.has(path))));
        expect(modelOfSet(a.difference(b))).toEqual(new Set([...m].filter(path => !n.has(path))));
      }),
    );
  });

  it('the recursive difference takes what lies below as well', () => {
    fc.assert(
      fc.property(paths, paths, (left, right) => {
        const n = modelOf(right);
        const isBelow = (path: string) =>
          [...n].some(other => path === other || path.startsWith(`${other}|`));
        const difference = fieldSetOf(...left).recursiveDifference(fieldSetOf(...right));
        expect(modelOfSet(difference)).toEqual(new Set([...modelOf(left)].filter(path => !isBelow(path))));
      }),
    );
  });

  it('FieldsV1 there and back is the same set', () => {
    fc.assert(
      fc.property(paths, list => {
        const set = fieldSetOf(...list);
        expect(modelOfSet(FieldSet.fromFields(set.toFields()))).toEqual(modelOfSet(set));
      }),
    );
  });

  it('no operation keeps a child without members', () => {
    const hasHollow = (set: FieldSet): boolean =>
      [...set.children.values()].some(child => child.isEmpty || hasHollow(child));
    fc.assert(
      fc.property(paths, paths, (left, right) => {
        const [a, b] = [fieldSetOf(...left), fieldSetOf(...right)];
        for (const set of [a.difference(b), a.intersection(b), a.recursiveDifference(b)])
          expect(hasHollow(set)).toBe(false);
      }),
    );
  });

  it('spells a member with children with a dot, in order', () => {
    const set = fieldSetOf(['f:b'], ['f:a'], ['f:a', 'k:{"name":"x"}'], ['f:a', 'k:{"name":"x"}', 'f:url']);
    expect(JSON.stringify(set.toFields())).toBe(
      '{"f:a":{".":{},"k:{\\"name\\":\\"x\\"}":{".":{},"f:url":{}}},"f:b":{}}',
    );
  });

  it('prints paths as conflict messages do', () => {
    const set = fieldSetOf(
      ['f:status', 'f:conditions', 'k:{"type":"Ready"}', 'f:status'],
      ['f:status', 'v:"x"'],
    );
    expect(set.paths()).toEqual(['.status[="x"]', '.status.conditions[type="Ready"].status']);
  });

  it('refuses what is not FieldsV1', () => {
    expect(() => FieldSet.fromFields({ status: {} })).toThrow(SyntaxError);
    expect(() => FieldSet.fromFields({ 'f:status': 'yes' })).toThrow(SyntaxError);
  });
});
