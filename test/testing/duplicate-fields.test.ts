import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duplicateFields } from '../../src/testing/duplicate-fields.ts';

describe('duplicate fields', () => {
  it.each([
    ['{"a":1,"a":2}', ['a']],
    ['{"a":{"b":1,"b":2,"b":3}}', ['a.b', 'a.b']],
    ['[{"a":1},{"a":1,"a":1}]', ['[1].a']],
    ['{"items":[{"x":{"y":[1,{"z":1,"z":2}]}}]}', ['items[0].x.y[1].z']],
    ['{ "a" : "x\\"}{,:" , "b\\u0061" : 1 , "ba" : 2 }', ['ba']],
  ])('%s', (text, found) => {
    expect(duplicateFields(text).map(({ path }) => path)).toEqual(found);
  });

  it('finds none in what JSON.stringify writes, however it is indented', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 2, '\t'), (text, space) => {
        expect(duplicateFields(JSON.stringify(JSON.parse(text), null, space))).toEqual([]);
      }),
    );
  });
});
