import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { ServiceEnv } from '../../src/http/env.ts';
import { respond } from '../../src/http/problem.ts';
import { checkForm } from '../../src/http/well-formed.ts';
import { path, serviceOf } from './stub.ts';

/** As a server hands it over that has the headers as they came, and as one that does not. */
const ways: [string, (headers: Record<string, string>) => object][] = [
  ['as they came', headers => ({ incoming: { url: path, rawHeaders: Object.entries(headers).flat() } })],
  ['as a Request has them', () => ({})],
];

describe('headers', () => {
  const { app } = serviceOf();

  it.each(ways)('may be 16,384 characters together, names included: %s', async (_, env) => {
    const status = async (length: number) => {
      const headers = { 'x-long': 'a'.repeat(length - 'x-long'.length) };
      return (await app.request(path, { headers }, env(headers))).status;
    };
    expect([await status(16_384), await status(16_385)]).toStrictEqual([200, 400]);
  });
});

describe('a plain path', () => {
  const app = new Hono<ServiceEnv>()
    .get('*', c => {
      checkForm(c);
      return c.text(c.req.path);
    })
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
