// Where attackers send requests, and with what headers.

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

export const own = '/v1/namespaces/team-a/virtualmcpservers/gateway/status';
export const foreign = own.replace('team-a', 'team-b');

type PathCase = [name: string, expect: Attack['expect'], target: string];

/** What every URL parser leaves as it is, or resolves in the same way. */
export function paths(): PathCase[] {
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
    ['a name that is far too long', 400, place('team-a', 'a'.repeat(8_000))],
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
export function wirePaths(): PathCase[] {
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
    ['no slash', 400, own.slice(1)],
    ['a star alone', 'refused', '*'],
  ];
}

/** Headers that only a socket lets through; each would be two requests, or another one, to somebody. */
export function wireHeaders(
  bearer: [string, string],
): [name: string, expect: Attack['expect'], headers: [string, string][]][] {
  const many = Array.from({ length: 10_000 }, (_, n): [string, string] => [`x-${n}`, 'a']);
  return [
    ['a header with a NUL', 400, [bearer, ['x-evil', 'a\0b']]],
    ['a header with a bare CR', 400, [bearer, ['x-evil', 'a\rb']]],
    ['a header whose name has a space', 400, [bearer, ['x evil', 'a']]],
    ['two lengths', 400, [bearer, ['content-length', '17'], ['content-length', '5']]],
    ['a negative length', 400, [bearer, ['content-length', '-1']]],
    ['a length that is none', 400, [bearer, ['content-length', '0x11']]],
    ['a header without an end', 'refused', [bearer, ['x-evil', 'a'.repeat(200_000)]]],
    ['ten thousand headers', 'refused', [bearer, ...many]],
  ];
}
