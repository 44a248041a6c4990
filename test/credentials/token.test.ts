import fc from 'fast-check';
import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { tokenExpiry } from '../../src/credentials/token.ts';
import { jwt } from './memory-host.ts';

const part = (claims: unknown) => Buffer.from(JSON.stringify(claims)).toString('base64url');

describe('the expiry of a token', () => {
  it('is what jose reads of any JWT, whatever its length and letters', () => {
    const claims = fc.record({ exp: fc.nat(), sub: fc.string({ unit: 'grapheme' }) });
    fc.assert(
      fc.property(claims, claims => {
        const token = `${part({ alg: 'RS256' })}.${part(claims)}.c2ln`;
        expect(tokenExpiry(token)).toBe(decodeJwt(token).exp! * 1000);
      }),
    );
  });

  it.each([
    ['an opaque token', 'opaque'],
    ['one with points in it', 'a.b.c'],
    ['a JWT without exp', `e30.${part({ sub: 'me' })}.c2ln`],
    ['a JWT whose exp is no number', `e30.${part({ exp: '1' })}.c2ln`],
    ['a JWT whose claims are null', `e30.${part(null)}.c2ln`],
    ['no token', undefined],
  ])('is unknown of %s', (_, token) => {
    expect(tokenExpiry(token)).toBeUndefined();
  });

  it('is in milliseconds', () => {
    expect(tokenExpiry(jwt(1_800_000_000_000))).toBe(1_800_000_000_000);
  });
});
