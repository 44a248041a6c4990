import { describe, expect, it } from 'vitest';
import { targetOf } from '../../src/http/target.ts';

describe('the target of a path', () => {
  const longest = `${'a'.repeat(63)}.`.repeat(3) + 'a'.repeat(61);

  it.each([
    ['a', 'a'],
    ['0', '9'],
    ['a-b', 'a.b-c.d'],
    ['a'.repeat(63), longest],
  ])('is %s/%s', (namespace, name) =>
    expect(targetOf({ namespace, name })).toStrictEqual({ namespace, name }),
  );

  it.each(['', '-a', 'a-', 'a.b', 'A', 'ä', 'a_b', 'a b', 'a\n', '..', 'a'.repeat(64)])(
    'is not in the namespace %j',
    namespace => expect(() => targetOf({ namespace, name: 'demo' })).toThrow(/a namespace of up to 63/),
  );

  it.each(['', '-a', 'a-', '.a', 'a.', 'a..b', 'a.-b', 'a-.b', 'A', 'a/b', 'a\n', '..', `${longest}a`])(
    'is not one of the name %j',
    name => expect(() => targetOf({ namespace: 'default', name })).toThrow(/a name of up to 253/),
  );

  it('has both faults told', () => {
    expect(() => targetOf({ namespace: '', name: '' })).toThrow(/namespace of .* and a name of/);
  });
});
