// What somebody on the network may try against the service, as plain requests; who sends them is another file's business.
import { exportSPKI, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { type Changes, createIssuer, seconds } from './auth/support.ts';

/** A request as it goes over the wire. */
export interface RawRequest {
  method: string;
  /** Request target, byte for byte. */
  target: string;
  headers: [name: string, value: string][];
  /** Sent with a Content-Length, unless `headers` have one or a Transfer-Encoding. */
  body?: string | Uint8Array;
}

export interface Attack extends RawRequest {
  name: string;
  /** Status of the answer. Where HTTP servers have their own say, any refusal: 4xx, or a closed connection. */
  expect: number | 'refused';
  /** Cannot be said with a `Request`: only over a socket. */
  wire?: true;
}

/** Everything that must not be in an answer or a log. */
export interface AttackPlan {
  attacks: Attack[];
  /** What a gateway of `team-a` may do. */
  honest: RawRequest;
  /** Answered only after a while, if at all: bodies that do not end. */
  slow: Attack[];
  secrets: string[];
  issuer: string;
  audience: string;
  jwks: object;
}

export const own = '/v1/namespaces/team-a/virtualmcpservers/gateway/status';
const foreign = own.replace('team-a', 'team-b');
const ready = '{"phase":"Ready"}';
const json: [string, string] = ['content-type', 'application/json'];

/** @param serviceToken the service's own credential, which somebody may have found */
export async function planAttacks(serviceToken: string): Promise<AttackPlan> {
  const issued = await createIssuer();
  const { issuer, audience, jwks } = issued;
  const now = seconds(Date.now());
  const sign = (changes: Changes = {}, header: object = {}) =>
    issued.sign({ iat: now, exp: now + 3_600, ...changes }, header);
  const good = await sign();
  const tokens: [name: string, token: string][] = [
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
  const put = (
    target: string,
    headers: [string, string][] = [],
    body: string | Uint8Array = ready,
  ): RawRequest => ({
    method: 'PUT',
    target,
    headers: [json, ...headers],
    body,
  });
  const bearer: [string, string] = ['authorization', `Bearer ${good}`];
  const attack = (name: string, expect: Attack['expect'], request: RawRequest): Attack => ({
    name,
    expect,
    ...request,
  });
  const withBody = (name: string, expect: Attack['expect'], body: string | Uint8Array, type = json) =>
    attack(name, expect, { method: 'PUT', target: own, headers: [bearer, type], body });
  const get = (target: string, headers: [string, string][] = []): RawRequest => ({
    method: 'GET',
    target,
    headers,
  });

  return {
    honest: put(own, [bearer]),
    secrets: [good, serviceToken, ...tokens.map(([, token]) => token)].filter(secret => secret.length > 10),
    issuer,
    audience,
    jwks,
    attacks: [
      // Who are you?
      attack('a report with no token', 401, put(own)),
      ...[
        'Bearer',
        'Bearer ',
        good,
        `Token ${good}`,
        `Basic ${btoa(`x:${good}`)}`,
        `Bearer ${good} x`,
        'Bearer a b',
      ].map(value =>
        attack(`authorization: ${value.slice(0, 9)}…`, 401, put(own, [['authorization', value]])),
      ),
      ...tokens.map(([name, token]) =>
        attack(`a report with ${name}`, 401, put(own, [['authorization', `Bearer ${token}`]])),
      ),
      ...tokens
        .slice(0, 2)
        .map(([name, token]) =>
          attack(`a read with ${name}`, 401, get(own, [['authorization', `Bearer ${token}`]])),
        ),
      attack('a token in the query', 401, put(`${own}?access_token=${good}&token=${good}`)),
      attack(
        'a token in a cookie',
        401,
        put(own, [['cookie', `authorization=Bearer ${good}; token=${good}`]]),
      ),
      attack(
        'a token in a header of a proxy',
        401,
        put(own, [
          ['x-forwarded-authorization', `Bearer ${good}`],
          ['proxy-authorization', `Bearer ${good}`],
        ]),
      ),
      attack(
        'an identity in headers',
        401,
        put(own, [
          ['impersonate-user', 'admin'],
          ['x-remote-user', 'admin'],
          ['x-forwarded-user', 'admin'],
        ]),
      ),
      attack('a token twice, the bad one first', 401, put(own, [['authorization', 'Bearer bad'], bearer])),
      attack('a token twice, the good one first', 401, put(own, [bearer, ['authorization', 'Bearer bad']])),
      attack('another method by a header', 401, {
        ...get(own),
        headers: [['x-http-method-override', 'PUT']],
      }),
      attack('an over-long token', 'refused', put(own, [['authorization', `Bearer ${'a'.repeat(100_000)}`]])),
      ...[
        own,
        '/v1/virtualmcpservers',
        '/v1/events',
        `${own.replace('status', 'deliveries')}/x`,
        '/v1/none',
      ].map(path => attack(`a read of ${path} without a token`, 401, get(path))),
      attack('raw health without a token', 401, {
        ...put(own.replace('status', 'backends')),
        method: 'POST',
        body: '{"backends":[]}',
      }),

      // May you?
      attack("a report on another namespace's", 403, put(foreign, [bearer])),
      attack("raw health of another namespace's", 403, {
        ...put(foreign.replace('status', 'backends'), [bearer], '{"backends":[]}'),
        method: 'POST',
      }),
      attack("a read of another namespace's", 403, get(foreign, [bearer])),
      attack(
        "a delivery of another namespace's",
        403,
        get(`${foreign.replace('status', 'deliveries')}/x`, [bearer]),
      ),
      attack(
        'a report on one that is not there, elsewhere',
        403,
        put(foreign.replace('gateway', 'none'), [bearer]),
      ),

      // Where does that lead?
      ...paths().map(([name, expect, target]) => attack(`path: ${name}`, expect, put(target, [bearer]))),
      ...wirePaths().map(([name, expect, target]) => ({
        ...attack(`path: ${name}`, expect, put(target, [bearer])),
        wire: true as const,
      })),

      // What is that?
      withBody('no body', 400, ''),
      withBody('no JSON', 400, 'phase: Ready'),
      withBody('two documents', 400, `${ready}${ready}`),
      withBody('a NUL', 400, `${ready}\0`),
      withBody('no UTF-8', 400, new Uint8Array([0x22, 0xff, 0xfe, 0x22])),
      ...['null', '[]', '7', '"Ready"', 'true'].map(body => withBody(`the body ${body}`, 422, body)),
      withBody('a deeply nested list', 422, '['.repeat(50_000) + ']'.repeat(50_000)),
      withBody(
        'a deeply nested member',
        422,
        `{"phase":"Ready","conditions":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      ),
      withBody(
        'a deeply nested unknown member',
        422,
        `{"phase":"Ready","x":${'{"x":'.repeat(20_000)}1${'}'.repeat(20_000)}}`,
      ),
      withBody('a nest that is cut off', 400, '{"a":'.repeat(50_000)),
      withBody('__proto__', 422, '{"phase":"Ready","__proto__":{"message":"x"}}'),
      withBody('only __proto__', 422, '{"__proto__":{"phase":"Ready"}}'),
      withBody('constructor', 422, '{"phase":"Ready","constructor":{"prototype":{"x":1}}}'),
      withBody(
        '__proto__ in a backend',
        422,
        '{"phase":"Ready","discoveredBackends":[{"name":"a","__proto__":{"url":"x"}}]}',
      ),
      withBody('an oversized body', 413, `{"phase":"Ready","message":"${'x'.repeat(1_100_000)}"}`),
      withBody(
        'sixty thousand members',
        422,
        `{${Array.from({ length: 60_000 }, (_, n) => `"k${n}":0`).join()}}`,
      ),
      withBody('numbers that are none', 422, '{"phase":"Ready","backendCount":1e999}'),
      withBody('another type', 415, ready, ['content-type', 'text/plain']),
      withBody('a form', 415, 'phase=Ready', ['content-type', 'application/x-www-form-urlencoded']),
      withBody('YAML', 415, ready, ['content-type', 'application/yaml']),
      attack('a compressed body', 415, put(own, [bearer, ['content-encoding', 'gzip']])),
      {
        ...attack(
          'an oversized body in chunks',
          413,
          put(own, [bearer, ['transfer-encoding', 'chunked']], chunked('x'.repeat(65_536), 20)),
        ),
        wire: true,
      },
      ...wireHeaders(bearer).map(([name, headers]) => ({
        ...attack(name, 'refused', { method: 'PUT', target: own, headers: [json, ...headers], body: ready }),
        wire: true as const,
      })),
    ],
    slow: [
      attack('a body that does not end, without a token', 401, put(own, [['content-length', '100']], '{')),
      attack('a body that does not end', 408, put(own, [bearer, ['content-length', '100']], '{')),
      attack(
        'chunks that do not end',
        408,
        put(own, [bearer, ['transfer-encoding', 'chunked']], '1\r\n{\r\n'),
      ),
    ],
  };
}

type PathCase = [name: string, expect: Attack['expect'], target: string];

/** What every URL parser leaves as it is, or resolves in the same way. */
function paths(): PathCase[] {
  const place = (namespace: string, name = 'gateway') =>
    `/v1/namespaces/${namespace}/virtualmcpservers/${name}/status`;
  return [
    ['an escaped slash', 400, place('team-b%2fvirtualmcpservers%2fgateway%2fstatus')],
    ['an escaped slash, upper case', 400, place('team-a%2F..%2Fteam-b')],
    ['dots and an escaped slash', 400, place('..%2fteam-b')],
    ['an escape escaped', 400, place('%252e%252e%252fteam-b')],
    ['an escaped letter', 400, place('team%2da')],
    ['an escaped NUL', 400, place('team-a%00')],
    ['escaped CR and LF', 400, place('team-a%0d%0aX-Evil:%20y')],
    ['an escaped backslash', 400, place('team-a%5c..%5cteam-b')],
    ['half an escape', 400, place('team-a%2')],
    ['overlong UTF-8', 400, place('%c0%ae%c0%ae')],
    ['an empty segment', 400, place('')],
    ['two slashes', 400, `/${own}`],
    ['a matrix parameter', 400, place('team-a;x=team-b')],
    ['dots and a matrix parameter', 400, place('..;')],
    ['three dots', 400, place('...')],
    ['a star', 400, place('*')],
    ['braces', 400, place('{team-a}')],
    ['upper case', 400, place('Team-A')],
    ['a namespace that is too long', 400, place('a'.repeat(64))],
    ['a name that is too long', 400, place('team-a', 'a'.repeat(254))],
    ['a path that is far too long', 'refused', place('team-a', 'a'.repeat(200_000))],
    ['a name with a dot at its end', 400, place('team-a', 'gateway.')],
    ['__proto__', 400, place('__proto__')],
    ['constructor', 403, place('constructor')],
    ['a query that looks like a path', 403, `${foreign}?/../../team-a`],
    ['something before it', 404, `/x${own}`],
    ['something after it', 404, `${own}/x`],
    ['the API server itself', 404, '/api/v1/secrets'],
    ['the API server itself, from below', 404, '/v1/namespaces/team-a/secrets/x/status'],
  ];
}

/** What a URL parser would have resolved, or refused. */
function wirePaths(): PathCase[] {
  return [
    ['dots to where one may', 400, own.replace('team-a', 'team-b/../team-a')],
    ['one dot', 400, own.replace('team-a', './team-a')],
    ['escaped dots to where one may', 400, own.replace('team-a', 'team-b/%2E%2e/team-a')],
    ['backslashes to where one may', 400, own.replace('team-a', 'team-b\\..\\team-a')],
    ['dots to another namespace', 400, foreign.replace('team-b', 'team-a/../team-b')],
    ['dots from further down', 400, own.replace('gateway', '../../team-b/virtualmcpservers/gateway')],
    ['escaped dots', 400, foreign.replace('team-b', 'team-a/%2e%2e/team-b')],
    ['dots half escaped', 400, foreign.replace('team-b', 'team-a/.%2E/team-b')],
    ['backslashes', 400, foreign.replace('team-b', 'team-a\\..\\team-b')],
    ['dots out of the root', 400, '/../../../../etc/passwd'],
    ['a NUL', 'refused', own.replace('team-a', 'team-a\0')],
    ['a line feed', 'refused', own.replace('team-a', 'team-a\nx: y')],
    ['a space', 'refused', own.replace('team-a', 'team a')],
    ['letters beyond ASCII', 'refused', own.replace('team-a', 'tëam-a')],
    ['no slash', 'refused', own.slice(1)],
    ['a star alone', 'refused', '*'],
  ];
}

/** Headers that only a socket lets through; each would be two requests, or another one, to somebody. */
function wireHeaders(bearer: [string, string]): [name: string, headers: [string, string][]][] {
  return [
    ['a header with a NUL', [bearer, ['x-evil', 'a\0b']]],
    ['a header with a bare CR', [bearer, ['x-evil', 'a\rb']]],
    ['a header whose name has a space', [bearer, ['x evil', 'a']]],
    ['a header without an end', [bearer, ['x-evil', 'a'.repeat(200_000)]]],
    [
      'ten thousand headers',
      [bearer, ...Array.from({ length: 10_000 }, (_, n): [string, string] => [`x-${n}`, 'a'])],
    ],
    ['two lengths', [bearer, ['content-length', '17'], ['content-length', '5']]],
    ['a negative length', [bearer, ['content-length', '-1']]],
    ['a length that is none', [bearer, ['content-length', '0x11']]],
  ];
}

function chunked(chunk: string, times: number): string {
  return `${`${chunk.length.toString(16)}\r\n${chunk}\r\n`.repeat(times)}0\r\n\r\n`;
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
