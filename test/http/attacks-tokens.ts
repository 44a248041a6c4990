// Tokens of attackers: each is a good one but for one thing.
import { exportSPKI, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { type Changes, createIssuer, seconds } from './auth/support.ts';

type Issuer = Awaited<ReturnType<typeof createIssuer>>;

/** A token that is good now, but for what is changed. */
export type Sign = (changes?: Changes, header?: object) => Promise<string>;

export async function badTokens(
  issued: Issuer,
  good: string,
  serviceToken: string,
  sign: Sign,
): Promise<[name: string, token: string][]> {
  const now = seconds(Date.now());
  return [
    ['an expired token', await sign({ exp: now - 3_600 })],
    ['a token of tomorrow', await sign({ nbf: now + 86_400, exp: now + 90_000 })],
    ['a token for another audience', await sign({ aud: 'https://kubernetes.default.svc' })],
    ['a token for no audience', await sign({ aud: undefined })],
    ['a token of another issuer', await sign({ iss: 'https://evil.example' })],
    ['a token that never expires', await sign({ exp: undefined })],
    ['a token of an unknown key', await sign({}, { kid: 'key-2' })],
    ['a token whose kid is a path', await sign({}, { kid: '../../../../dev/null' })],
    [
      'a token that brings its own key',
      await sign({}, { kid: 'x', jwk: issued.jwk, jku: 'http://evil.example/jwks' }),
    ],
    [
      'a token of somebody else who claims the kid',
      await (await createIssuer()).sign({ iat: now, exp: now + 3_600 }),
    ],
    ['alg none', new UnsecuredJWT(payload(good)).encode()],
    ['alg none over a signature', change(good, 0, header => ({ ...header, alg: 'none' }))],
    [
      'alg nOnE without a signature',
      change(good, 0, header => ({ ...header, alg: 'nOnE' })).replace(/[^.]*$/, ''),
    ],
    ['HS256 with the public key as PEM', await hs256(good, await exportSPKI(issued.publicKey))],
    ['HS256 with the public key as JWK', await hs256(good, JSON.stringify(issued.jwk))],
    [
      'HS256 with an empty key',
      `${change(good, 0, header => ({ ...header, alg: 'HS256' })).replace(/[^.]*$/, 'AA')}`,
    ],
    [
      'a tampered namespace',
      change(good, 1, claims => ({ ...claims, 'kubernetes.io': { namespace: 'team-b' } })),
    ],
    ['a tampered subject', change(good, 1, claims => ({ ...claims, sub: 'admin' }))],
    [
      'a tampered signature',
      good.replace(/.(.{20})$/, (all, rest) => (all.startsWith('A') ? 'B' : 'A') + rest),
    ],
    ['a signature cut off', good.slice(0, -4)],
    ['no signature', good.replace(/[^.]*$/, '')],
    ["the service's own credential", serviceToken],
    ['a token of nothing', '..'],
    ['a token of garbage', 'eyJ'.repeat(500)],
  ];
}

function payload(token: string): JWTPayload {
  return JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString());
}

function hs256(token: string, secret: string): Promise<string> {
  return new SignJWT({ ...payload(token) })
    .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
    .sign(new TextEncoder().encode(secret));
}

function change(token: string, part: number, edit: (json: object) => object): string {
  const parts = token.split('.');
  const old = JSON.parse(Buffer.from(parts[part] as string, 'base64url').toString());
  parts[part] = Buffer.from(JSON.stringify(edit(old))).toString('base64url');
  return parts.join('.');
}
