// What the tests of authenticators share: requests, an issuer of tokens, refusals.
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { isStatusReporterError } from '../../../src/errors.ts';
import type { Authenticate, Caller } from '../../../src/http/model.ts';
import { ProblemError } from '../../../src/http/problem.ts';

/** Where all clocks of these tests stand, in milliseconds since the epoch. */
export const noon = Date.UTC(2026, 0, 1, 12);

export const demo = { namespace: 'team-a', name: 'gateway' };
export const elsewhere = { namespace: 'team-b', name: 'gateway' };

const url = 'http://service.test/v1/namespaces/team-a/virtualmcpservers/gateway/status';

export function request(authorization?: string, init: RequestInit = { method: 'PUT' }): Request {
  const headers = new Headers(init.headers);
  if (authorization !== undefined) headers.set('authorization', authorization);
  return new Request(url, { ...init, headers });
}

export const bearer = (token: string) => request(`Bearer ${token}`);

/** How a request is refused; fails where it is not. */
export async function refusal(
  authenticate: Authenticate,
  request: Request,
): Promise<{ code: string; message: string; challenge: string | undefined }> {
  let caller: Caller;
  try {
    caller = await authenticate(request);
  } catch (error) {
    if (error instanceof ProblemError) {
      return { code: error.code, message: error.message, challenge: error.headers['www-authenticate'] };
    }
    if (!isStatusReporterError(error)) throw error;
    return { code: error.code, message: error.message, challenge: undefined };
  }
  throw new Error(`expected a refusal, got ${caller.name}`);
}

/** What a caller may do: its own, its own to read, another namespace's. */
export async function rights(caller: Caller): Promise<Record<string, boolean>> {
  return {
    report: await caller.may('report', demo),
    read: await caller.may('read', demo),
    elsewhere: (await caller.may('report', elsewhere)) || (await caller.may('read', elsewhere)),
  };
}

export const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000);

/** Claims that are other than in a good token; `undefined` takes one away. */
export type Changes = { [Claim in keyof JWTPayload]: JWTPayload[Claim] | undefined };

/** An issuer with one key. */
export async function createIssuer(alg = 'ES256', kid = 'key-1') {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' };
  const issuer = 'https://issuer.example';
  const audience = 'vmcp-status-reporter';

  return {
    issuer,
    audience,
    publicKey: publicKey as CryptoKey,
    jwk,
    jwks: { keys: [jwk] },
    /** A good token, but for what is changed. */
    sign(changes: Changes = {}, header: { alg?: string; kid?: string } = {}): Promise<string> {
      const claims = {
        iss: issuer,
        aud: audience,
        sub: 'system:serviceaccount:team-a:gateway',
        iat: seconds(noon),
        exp: seconds(noon) + 600,
        'kubernetes.io': { namespace: 'team-a', serviceaccount: { name: 'gateway', uid: 'u' } },
        ...changes,
      };
      return new SignJWT(JSON.parse(JSON.stringify(claims)))
        .setProtectedHeader({ alg, kid, ...header })
        .sign(privateKey);
    },
  };
}
