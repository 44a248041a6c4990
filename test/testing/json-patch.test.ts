import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/testing/json.ts';
import { applyJsonPatch, JsonPatchError } from '../../src/testing/json-patch.ts';

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
const document = fc.record({
  list: fc.array(json, { maxLength: 5 }),
  object: fc.dictionary(fc.string(), json),
});
const pointer = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');

describe('JSON patch', () => {
  it('adds, replaces and removes any member of an object', () => {
    fc.assert(
      fc.property(document, fc.string(), json, (doc, key, value) => {
        const path = `/object/${pointer(key)}`;
        const set = applyJsonPatch(doc, [{ op: 'add', path, value }]);
        const expected = new Map(Object.entries(doc.object)).set(key, value);
        expect(new Map(Object.entries((set as typeof doc).object))).toEqual(expected);
        expected.delete(key);
        const removed = applyJsonPatch(set, [{ op: 'remove', path }]);
        expect(new Map(Object.entries((removed as typeof doc).object))).toEqual(expected);
      }),
    );
  });

  it('inserts and removes list items as splice does', () => {
    fc.assert(
      fc.property(document, fc.nat(5), json, (doc, at, value) => {
        const index = Math.min(at, doc.list.length);
        const added = applyJsonPatch(doc, [{ op: 'add', path: `/list/${index}`, value }]);
        expect((added as typeof doc).list).toEqual(doc.list.toSpliced(index, 0, value));
        expect(applyJsonPatch(added, [{ op: 'remove', path: `/list/${index}` }])).toEqual(doc);
      }),
    );
  });

  it('never changes the document that it is given', () => {
    fc.assert(
      fc.property(document, json, (doc, value) => {
        const before = structuredClone(doc);
        applyJsonPatch(doc, [
          { op: 'add', path: '/list/-', value },
          { op: 'add', path: '/object/a', value: { b: [value] } },
          { op: 'add', path: '/object/a/b/0', value },
          { op: 'copy', from: '/object/a', path: '/copy' },
          { op: 'move', from: '/object/a/b', path: '/moved' },
        ]);
        expect(doc).toEqual(before);
      }),
    );
  });

  it('does not change what a patch brought along', () => {
    const value = { list: [1] };
    applyJsonPatch({}, [
      { op: 'add', path: '/a', value },
      { op: 'add', path: '/a/list/-', value: 2 },
    ]);
    expect(value).toEqual({ list: [1] });
  });

  it.each<[string, Json[], Json]>([
    [
      'replace of an absent member adds it',
      [{ op: 'replace', path: '/new', value: 1 }],
      { a: [1, 2], new: 1 },
    ],
    ['a negative index counts from the end', [{ op: 'remove', path: '/a/-1' }], { a: [1] }],
    [
      'what stands before the first slash does not count',
      [{ op: 'add', path: 'x/b', value: 1 }],
      { a: [1, 2], b: 1 },
    ],
    ['a test of an absent member for null holds', [{ op: 'test', path: '/no', value: null }], { a: [1, 2] }],
    ['replace of everything', [{ op: 'replace', path: '', value: { b: 1 } }], { b: 1 }],
  ])('as Kubernetes does: %s', (_, patch, expected) => {
    expect(applyJsonPatch({ a: [1, 2] }, patch)).toEqual(expected);
  });

  it.each<[string, Json]>([
    ['a test that fails', { op: 'test', path: '/a/0', value: 2 }],
    ['an index beyond the end', { op: 'add', path: '/a/3', value: 1 }],
    ['an index that is no number', { op: 'replace', path: '/a/x', value: 1 }],
    ['a way that is not there', { op: 'add', path: '/no/way', value: 1 }],
    ['a way through a scalar', { op: 'add', path: '/a/0/b', value: 1 }],
    ['remove of an absent member', { op: 'remove', path: '/no' }],
    ['an unknown operation', { op: 'frobnicate', path: '/a' }],
    ['no path', { op: 'remove' }],
    ['no slash', { op: 'add', path: 'a', value: 1 }],
  ])('fails: %s', (_, operation) => {
    expect(() => applyJsonPatch({ a: [1, 2] }, [operation])).toThrow(JsonPatchError);
  });

  it('does not reach prototypes', () => {
    const patched = applyJsonPatch({}, [{ op: 'add', path: '/__proto__', value: { polluted: true } }]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.getOwnPropertyNames(patched)).toEqual(['__proto__']);
    expect(() => applyJsonPatch({}, [{ op: 'remove', path: '/constructor' }])).toThrow(JsonPatchError);
  });
});
