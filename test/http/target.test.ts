import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { ServiceEnv } from '../../src/http/env.ts';
import { respond } from '../../src/http/problem.ts';
import { plainPath, targetOf } from '../../src/http/target.ts';

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

describe('a plain path', () => {
  const app = new Hono<ServiceEnv>()
    .use(plainPath)
    .get('*', c => c.text(c.req.path))
    .onError((error, c) => respond(c, error));
  const status = async (path: string, rawPath?: string) =>
    (await app.request(path, {}, rawPath === undefined ? {} : { incoming: { url: rawPath } })).status;

  it.each(['/', '/v1/a-b_c~d/e.f', '/v1/...', '/v1/.a', '/v1/a..', '/a/', '/a?b=..%2f', '/a?/../'])(
    'is %s',
    async path => expect(await status(path, path)).toBe(200),
  );

  it.each(['//', '/a//b', '/a%2fb', '/a%62', '/a;b', '/a:b', '/a@b', '/a+b', "/a'b", '/a*b', '/a|b'])(
    'is not %s, whether the server hands it over or not',
    async path => {
      expect(await status(path)).toBe(400);
      expect(await status('/', path)).toBe(400);
      expect(await status(path, '/')).toBe(400);
    },
  );

  it.each([
    '/..',
    '/../a',
    '/a/..',
    '/a/../b',
    '/./a',
    '/a/.',
    '/a/%2e%2E/b',
    '/a\\b',
    'a',
    '*',
    'http://x/a',
  ])('is not %j, which a URL parser might hide', async path => expect(await status('/', path)).toBe(400));
});
