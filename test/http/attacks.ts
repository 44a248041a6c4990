// What somebody on the network may try against the service, as plain requests; who sends them is another file's business.
import {
  type Attack,
  foreign,
  own,
  paths,
  type RawRequest,
  wireHeaders,
  wirePaths,
} from './attacks-targets.ts';
import { badTokens, type Sign } from './attacks-tokens.ts';
import { createIssuer, seconds } from './auth/support.ts';

/** All attacks, and what it takes to start a service that they are for. */
export interface AttackPlan {
  attacks: Attack[];
  /** What a gateway of `team-a` may do. */
  honest: RawRequest;
  /** Bodies that do not end. */
  slow: Attack[];
  /** What must be in no answer and in no log. */
  secrets: string[];
  /** The token of `honest`, and whose it is. */
  token: string;
  user: string;
  issuer: string;
  audience: string;
  jwks: object;
}

const ready = '{"phase":"Ready"}';
/** What is not UTF-8. @see https://www.unicode.org/versions/latest/core-spec/chapter-3/#G7404 */
const brokenTexts: [name: string, bytes: number[]][] = [
  ['a byte that is none of UTF-8', [0xff]],
  ['an overlong character', [0xc0, 0x80]],
  ['half a surrogate pair', [0xed, 0xa0, 0x80]],
  ['a character of two bytes cut off', [0xc3]],
  ['a character of three bytes cut off', [0xe2, 0x82]],
];
const json: [string, string] = ['content-type', 'application/json'];

/** @param serviceToken the service's own credential, which somebody may have found */
export async function planAttacks(serviceToken: string): Promise<AttackPlan> {
  const issued = await createIssuer();
  const { issuer, audience, jwks } = issued;
  const now = seconds(Date.now());
  const sign: Sign = (changes = {}, header = {}) =>
    issued.sign({ iat: now, exp: now + 3_600, ...changes }, header);
  const good = await sign();
  const tokens = await badTokens(issued, good, serviceToken, sign);
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
    honest: put(own, [bearer], '{"phase":"Ready","message":"é € 😀 \uFFFD"}'),
    secrets: [good, btoa(`x:${good}`), serviceToken, ...tokens.map(([, token]) => token)].filter(
      secret => secret.length > 10,
    ),
    token: good,
    user: 'system:serviceaccount:team-a:gateway',
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
      attack(
        'two thousand headers',
        'refused',
        put(own, [bearer, ...Array.from({ length: 2_000 }, (_, n): [string, string] => [`x-${n}`, 'abcd'])]),
      ),
      attack('a long token', 401, put(own, [['authorization', `Bearer ${'a'.repeat(12_000)}`]])),
      attack('an over-long token', 'refused', put(own, [['authorization', `Bearer ${'a'.repeat(100_000)}`]])),
      ...[
        own,
        '/v1/virtualmcpservers',
        '/v1/events',
        `${own.replace('status', 'deliveries')}/x`,
        '/v1/none',
        '/metrics',
        '/page/events',
        '/',
      ].flatMap(path => [
        attack(`a read of ${path} without a token`, 401, get(path)),
        attack(`the head of ${path} without a token`, 401, { ...get(path), method: 'HEAD' }),
      ]),
      attack('the page for a browser, without a token', 401, get('/', [['accept', 'text/html']])),
      attack('the page with a token in its query', 401, get(`/?token=${good}`, [['accept', 'text/html']])),
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
      ...brokenTexts.map(([name, bytes]) => withBody(`a message with ${name}`, 400, inMessage(bytes))),
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
      ...wireHeaders(bearer).map(([name, expect, headers]) => ({
        ...attack(name, expect, { method: 'PUT', target: own, headers: [json, ...headers], body: ready }),
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

function chunked(chunk: string, times: number): string {
  return `${`${chunk.length.toString(16)}\r\n${chunk}\r\n`.repeat(times)}0\r\n\r\n`;
}

/** A report whose message is these bytes. */
function inMessage(bytes: readonly number[]): Uint8Array {
  const [before = '', after = ''] = '{"phase":"Ready","message":"|"}'.split('|');
  const utf8 = new TextEncoder();
  return Uint8Array.from([...utf8.encode(before), ...bytes, ...utf8.encode(after)]);
}
