import { describe, expect, it } from 'vitest';
import { forbidden, sameBytes, tokenOf } from '../../../src/http/auth/authenticate.ts';
import type { Caller } from '../../../src/http/model.ts';
import { demo, refusal, request } from './support.ts';

const authenticate = (request: Request): Caller => ({
  name: tokenOf(request),
  partition: '',
  may: () => true,
});
const basic = (text: string) => `Basic ${btoa(text)}`;
const get = { method: 'GET' };

describe('the token of a request', () => {
  it.each([
    ['Bearer abc.def-ghi_~+/=', 'abc.def-ghi_~+/='],
    ['bearer   s3cret!', 's3cret!'],
    [' Bearer abc ', 'abc'],
  ])('%s', (header, token) => {
    expect(tokenOf(request(header))).toBe(token);
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer a, Bearer b',
    'Token a',
    'abc',
    'Bearer\u00a0a',
    'Bearer é',
  ])('is not in %j', async header => {
    expect(await refusal(authenticate, request(header))).toStrictEqual({
      code: 'unauthenticated',
      message: 'Expected a bearer token in the Authorization header.',
      challenge: 'Bearer realm="vmcp-status"',
    });
  });

  it('is not looked for in the URL, in cookies or in other headers', async () => {
    const sent = new Request('http://service.test/?access_token=abc&token=abc', {
      headers: {
        cookie: 'token=abc',
        'x-forwarded-authorization': 'Bearer abc',
        'proxy-authorization': 'Bearer abc',
      },
    });
    expect((await refusal(authenticate, sent)).code).toBe('unauthenticated');
  });

  it('is not taken where it is absurdly long', async () => {
    expect(tokenOf(request(`Bearer ${'a'.repeat(16_000)}`))).toHaveLength(16_000);
    expect(await refusal(authenticate, request(`Bearer ${'a'.repeat(16_384)}`))).toMatchObject({
      challenge: expect.stringContaining('error="invalid_token"'),
    });
  });

  it('is the password of a browser, for any user name', () => {
    expect(tokenOf(request(basic('me:abc:d'), get))).toBe('abc:d');
    expect(tokenOf(request(basic(':abc'), { method: 'HEAD' }))).toBe('abc');
  });

  it.each([
    ['PUT', basic('me:abc')],
    ['POST', basic('me:abc')],
    ['DELETE', basic('me:abc')],
    ['GET', basic('abc')],
    ['GET', basic('me:')],
    ['GET', basic('me:a b')],
    ['GET', 'Basic ****'],
    ['GET', 'Basic'],
  ])('is not in %s with %s', async (method, header) => {
    expect((await refusal(authenticate, request(header, { method }))).code).toBe('unauthenticated');
  });

  it('is asked of a browser in the way that it understands, and of nobody else', async () => {
    const html = { headers: { accept: 'text/html,application/xhtml+xml;q=0.9' } };
    expect((await refusal(authenticate, request(undefined, html))).challenge).toMatch(
      /^Basic realm="[^"]+", charset="UTF-8"$/,
    );
    expect((await refusal(authenticate, request(undefined, { ...html, method: 'PUT' }))).challenge).toMatch(
      /^Bearer /,
    );
    expect(
      (await refusal(authenticate, request(undefined, { headers: { accept: '*/*' } }))).challenge,
    ).toMatch(/^Bearer /);
  });
});

describe('the comparison of digests', () => {
  const secret = Uint8Array.from({ length: 32 }, (_, index) => index);
  const differing = (at: number) => secret.with(at, 255);

  it.each([
    ['the same', secret, true],
    ['others from the first byte on', differing(0), false],
    ['others in the middle', differing(16), false],
    ['others in the last byte', differing(31), false],
  ])('looks at every byte of %s', (_, given, same) => {
    let looks = 0;
    const watched = new Proxy(given, {
      get(bytes, key) {
        if (/^\d+$/.test(String(key))) looks++;
        return Reflect.get(bytes, key, bytes);
      },
    });
    expect(sameBytes(secret, watched)).toBe(same);
    expect(looks).toBe(32);
  });

  it('takes none of another length for the same', () => {
    expect(sameBytes(secret, secret.slice(0, 31))).toBe(false);
    expect(sameBytes(secret.slice(0, 31), secret)).toBe(false);
    expect(sameBytes(new Uint8Array(1), new Uint8Array())).toBe(false);
  });
});

describe('who may not', () => {
  it('is told so, and nothing about the resource or itself', () => {
    expect(forbidden('report', demo)).toMatchObject({
      code: 'forbidden',
      message: 'This caller may not report the status of VirtualMCPServer team-a/gateway.',
      headers: { 'www-authenticate': expect.stringContaining('error="insufficient_scope"') },
    });
    expect(forbidden('read', demo).message).toBe('This caller may not read VirtualMCPServer team-a/gateway.');
  });
});
