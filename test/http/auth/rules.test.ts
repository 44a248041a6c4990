import { describe, expect, it } from 'vitest';
import {
  type Claims,
  checkGrant,
  compileGrant,
  compileRules,
  ownNamespace,
  type Rule,
} from '../../../src/http/auth/rules.ts';
import { demo, elsewhere } from './support.ts';

const serviceAccount = {
  sub: 'system:serviceaccount:team-a:gateway',
  'kubernetes.io': { namespace: 'team-a', serviceaccount: { name: 'gateway' } },
};
const allows = (rules: readonly Rule[], claims: Claims, target = demo) =>
  compileRules(rules)(claims)('report', target);

describe('the rule for ServiceAccounts', () => {
  it('is their own namespace', () => {
    expect(allows(ownNamespace, serviceAccount)).toBe(true);
    expect(allows(ownNamespace, serviceAccount, { namespace: 'team-a', name: 'another' })).toBe(true);
    expect(allows(ownNamespace, serviceAccount, elsewhere)).toBe(false);
  });

  it.each([
    {},
    { 'kubernetes.io': null },
    { 'kubernetes.io': 'team-a' },
    { 'kubernetes.io': { namespace: '' } },
    { 'kubernetes.io': { namespace: '*' } },
    { 'kubernetes.io': { namespace: '.*' } },
    { 'kubernetes.io': { namespace: 'team-a/gateway' } },
    { 'kubernetes.io': { namespace: 'team-[a-z]' } },
    { 'kubernetes.io': { namespace: ['x'] } },
    { 'kubernetes.io': { namespace: { namespace: 'team-a' } } },
    { 'kubernetes.io.namespace': 'team-a' },
    JSON.parse('{"__proto__": {"kubernetes.io": {"namespace": "team-a"}}}'),
  ])('allows nothing to %j', claims => {
    expect(allows(ownNamespace, claims)).toBe(false);
  });
});

describe('a rule', () => {
  it.each<[string, Rule, Claims, boolean]>([
    ['its subject', { subject: 'gateway-1', targets: ['team-a/*'] }, { sub: 'gateway-1' }, true],
    ['another subject', { subject: 'gateway-1', targets: ['team-a/*'] }, { sub: 'gateway-12' }, false],
    ['a subject by pattern', { subject: 'gateway-*', targets: ['team-a/*'] }, { sub: 'gateway-12' }, true],
    ['a dot that is a dot', { subject: 'a.b', targets: ['team-a/*'] }, { sub: 'axb' }, false],
    ['no subject', { subject: '*', targets: ['team-a/*'] }, {}, false],
    ['a claim', { claims: { env: 'prod' }, targets: ['team-a/*'] }, { env: 'prod' }, true],
    [
      'one of several values of a claim',
      { claims: { groups: 'ops' }, targets: ['team-a/*'] },
      { groups: ['dev', 'ops'] },
      true,
    ],
    [
      'one of several that are enough',
      { claims: { env: ['prod', 'test'] }, targets: ['team-a/*'] },
      { env: 'test' },
      true,
    ],
    [
      'all claims that it names',
      { claims: { env: 'prod', on: 'true' }, targets: ['team-a/*'] },
      { env: 'prod', on: true },
      true,
    ],
    [
      'one claim of two',
      { claims: { env: 'prod', on: 'true' }, targets: ['team-a/*'] },
      { env: 'prod' },
      false,
    ],
    [
      'a claim inside another',
      { claims: { '/a~1b/c': 'x' }, targets: ['team-a/*'] },
      { 'a/b': { c: 'x' } },
      true,
    ],
    [
      'its subject, but not what else it must be',
      { subject: '*', claims: { sub: 'a*' }, targets: ['team-a/*'] },
      { sub: 'b' },
      false,
    ],
    ['none of no values', { claims: { env: [] }, targets: ['team-a/*'] }, { env: '' }, false],
    ['an inherited property', { claims: { '/constructor/name': '*' }, targets: ['team-a/*'] }, {}, false],
    [
      'a name from a claim',
      { targets: ['{ns}/{/server/name}'] },
      { ns: 'team-a', server: { name: 'gateway' } },
      true,
    ],
    ['a part of a name from a claim', { targets: ['team-{team}/gate*'] }, { team: 'a' }, true],
    ['one of several from a claim', { targets: ['{ns}/*'] }, { ns: ['x', 'team-a'] }, true],
    ['a claim with a star', { targets: ['{ns}/*'] }, { ns: 'team-*' }, false],
    ['a claim that is not there', { targets: ['{ns}/gateway'] }, {}, false],
    ['a claim that says nothing', { targets: ['{x}team-a/*'] }, { x: '' }, false],
    ['an inherited claim', { targets: ['{ns}/*'] }, Object.create({ ns: 'team-a' }), false],
    ['everything', { targets: ['*/*'] }, {}, true],
    ['only the end of the namespace', { targets: ['eam-a/*'] }, {}, false],
    ['only the end of the name', { targets: ['*/ateway'] }, {}, false],
    ['only a longer name', { targets: ['team-a/gateway-2'] }, {}, false],
    ['only a shorter namespace', { targets: ['team/gateway'] }, {}, false],
  ])('for %s', (_, rule, claims, expected) => {
    expect(allows([rule], claims)).toBe(expected);
  });

  it('is enough where several are there, and none allows nothing', () => {
    const rules = [{ subject: 'x', targets: ['*/*'] }, { targets: ['team-a/*'] }];
    expect(allows(rules, {})).toBe(true);
    expect(allows([], serviceAccount)).toBe(false);
  });

  it('is for both verbs, or for those that it names', () => {
    const reader = compileGrant({ targets: ['team-a/*'], verbs: ['read'] });
    expect([reader('read', demo), reader('report', demo)]).toStrictEqual([true, false]);
    const both = compileGrant({ targets: ['team-a/*'] });
    expect([both('read', demo), both('report', demo)]).toStrictEqual([true, true]);
  });

  it.each([
    [{ targets: [] }, /rules\[0\]\.targets: expected a list/],
    [{ targets: 'team-a/*' }, /expected a list/],
    [{}, /expected a list/],
    [{ targets: ['team-a'] }, /"namespace\/name".*found "team-a"/],
    [{ targets: ['a/b/c'] }, /found "a\/b\/c"/],
    [{ targets: ['Team/x'] }, /found "Team\/x"/],
    [{ targets: ['{a/b'] }, /found/],
    [{ targets: [7] }, /found 7/],
    [
      { targets: ['a/b'], verbs: ['write'] },
      /verbs: expected a list of "report" and "read", found \["write"\]/,
    ],
    [{ targets: ['a/b'], verbs: 'read' }, /verbs: expected a list/],
    [
      { targets: ['a/b'], subjects: 'x' },
      /rules\[0\]: expected an object with some of subject, .*found another member/,
    ],
    [{ targets: ['a/b'], subject: 7 }, /texts/],
    [{ targets: ['a/b'], claims: { a: { b: 'c' } } }, /texts/],
    [{ targets: ['a/b'], claims: 'x' }, /texts/],
    [null, /rules\[0\]: expected an object/],
    ['x', /rules\[0\]: expected an object/],
  ])('is refused as %j', (rule, message) => {
    expect(() => compileRules([rule as unknown as Rule])).toThrow(
      expect.objectContaining({ code: 'configuration', message: expect.stringMatching(message) }),
    );
  });

  it('has no placeholders where there are no claims', () => {
    expect(() => checkGrant({ targets: ['{ns}/*'] }, 'tokens[0]', false)).toThrow(/tokens\[0\]\.targets/);
  });
});
