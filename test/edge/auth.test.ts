// What the variables and secrets of a Worker make of its callers.
import { describe, expect, it } from 'vitest';
import { staticCredentials } from '../../src/credentials/static.ts';
import { authenticatorOf } from '../../src/entry/workers/auth.ts';
import { bearer, createIssuer, noon, refusal, rights } from '../http/auth/support.ts';

const issued = await createIssuer();

/** The authenticator, in front of a cluster that answers everything with yes, and what it was asked. */
function of(env: Record<string, unknown>) {
  const asked: { path: string; authorization: string | undefined; body: any }[] = [];
  const authenticate = authenticatorOf(env, {
    credentials: staticCredentials({ server: 'https://kubernetes.test', token: 'of-the-service' }),
    now: () => noon,
    async fetch(url, { headers, body }) {
      const { pathname: path } = new URL(url);
      asked.push({
        path,
        authorization: headers['authorization'],
        body: body === undefined ? undefined : JSON.parse(String(body)),
      });
      if (path.endsWith('/jwks')) return Response.json(issued.jwks);
      if (path.startsWith('/.well-known')) return Response.json({ issuer: issued.issuer });
      const user = { username: 'gateway' };
      const status = { authenticated: true, audiences: ['b'], user, userInfo: user, allowed: true };
      return Response.json({ status }, { status: 201 });
    },
  });
  return { authenticate, asked };
}

const everything = { report: true, read: true, elsewhere: true };
const own = { report: true, read: true, elsewhere: false };
const tokens = '[{"name": "edge", "token": "of-the-edge", "targets": ["team-a/*"]}]';

describe('the callers of a Worker', () => {
  it.each([
    [{}, /Neither SERVICE_TOKEN nor VMCP_STATUS_AUTH is set/],
    [{ SERVICE_TOKEN: ' ' }, /Neither/],
    [{ SERVICE_TOKEN: { fetch() {} } }, /Neither/],
    [{ VMCP_STATUS_AUTH: 'none', SERVICE_TOKEN: 'geheim' }, /^VMCP_STATUS_AUTH: expected jwt, .* "none"/],
    [{ VMCP_STATUS_AUTH: 'token', SERVICE_TOKEN: 'geheim' }, /^VMCP_STATUS_TOKENS: expected JSON/],
    [{ VMCP_STATUS_TOKENS: 'geheim', SERVICE_TOKEN: 'geheim' }, /^VMCP_STATUS_TOKENS: expected JSON/],
    [{ VMCP_STATUS_AUTH: 'jwt', VMCP_STATUS_RULES: '{}' }, /^VMCP_STATUS_RULES: expected a list/],
    [{ VMCP_STATUS_AUTH: 'jwt', VMCP_STATUS_RULES: 'geheim' }, /^VMCP_STATUS_RULES: expected a list/],
    [{ VMCP_STATUS_AUTH: 'jwt', VMCP_STATUS_RULES: '[{}]' }, /^rules\[0\]/],
    [{ VMCP_STATUS_AUTH: 'jwt', VMCP_STATUS_JWKS: 'https://issuer.example/jwks' }, /an issuer/],
    [
      { VMCP_STATUS_AUTH: 'jwt', VMCP_STATUS_ISSUER: 'x', VMCP_STATUS_JWKS: 'http://issuer.example' },
      /https:/,
    ],
  ])('are nobody with %j', async (env, message) => {
    const { authenticate, asked } = of(env);
    for (const token of ['geheim', await issued.sign()]) {
      const refused = await refusal(authenticate, bearer(token));
      expect(refused).toMatchObject({ code: 'configuration', message: expect.stringMatching(message) });
      expect(refused.message).not.toContain('geheim');
    }
    expect(asked).toStrictEqual([]);
  });

  it('are all who have the one secret, where there is but one', async () => {
    const { authenticate } = of({ SERVICE_TOKEN: 'geheim' });
    expect(await rights(await authenticate(bearer('geheim')))).toStrictEqual(everything);
    expect((await refusal(authenticate, bearer('geheim2'))).code).toBe('unauthenticated');
  });

  it.each([{}, { VMCP_STATUS_AUTH: 'token' }])(
    'have secrets of their own, with %j; the one is then none',
    async more => {
      const { authenticate } = of({ VMCP_STATUS_TOKENS: tokens, SERVICE_TOKEN: 'geheim', ...more });
      expect(await rights(await authenticate(bearer('of-the-edge')))).toStrictEqual(own);
      expect((await refusal(authenticate, bearer('geheim'))).code).toBe('unauthenticated');
    },
  );

  it('have tokens of the cluster; its keys are read once', async () => {
    const { authenticate, asked } = of({ VMCP_STATUS_AUTH: 'jwt', SERVICE_TOKEN: 'geheim' });
    for (const n of [1, 2]) {
      expect(await rights(await authenticate(bearer(await issued.sign({ n }))))).toStrictEqual(own);
    }
    expect(asked.map(({ path }) => path)).toStrictEqual([
      '/.well-known/openid-configuration',
      '/openid/v1/jwks',
    ]);
    for (const token of ['geheim', await issued.sign({ aud: 'mine' })]) {
      expect((await refusal(authenticate, bearer(token))).code).toBe('unauthenticated');
    }
  });

  it('have tokens that are for the audience, of the issuer and under the rules that are set', async () => {
    const { authenticate } = of({
      VMCP_STATUS_AUTH: 'jwt',
      VMCP_STATUS_AUDIENCE: 'a, mine',
      VMCP_STATUS_ISSUER: 'https://another.example',
      VMCP_STATUS_RULES: '[{"targets": ["team-b/*"]}]',
    });
    const caller = await authenticate(
      bearer(await issued.sign({ aud: 'mine', iss: 'https://another.example' })),
    );
    expect(await rights(caller)).toStrictEqual({ report: false, read: false, elsewhere: true });
    for (const changes of [{ aud: 'mine' }, { iss: 'https://another.example' }]) {
      expect((await refusal(authenticate, bearer(await issued.sign(changes)))).code).toBe('unauthenticated');
    }
  });

  it('are reviewed by the cluster, for the audiences that are set', async () => {
    const { authenticate, asked } = of({ VMCP_STATUS_AUTH: 'review', VMCP_STATUS_AUDIENCE: 'a b' });
    expect((await authenticate(bearer('x'))).name).toBe('gateway');
    expect(asked).toMatchObject([
      {
        path: '/apis/authentication.k8s.io/v1/tokenreviews',
        authorization: 'Bearer of-the-service',
        body: { spec: { token: 'x', audiences: ['a', 'b'] } },
      },
    ]);
  });

  it('come with tokens that go to the cluster', async () => {
    const { authenticate, asked } = of({ VMCP_STATUS_AUTH: 'passthrough' });
    const caller = await authenticate(bearer('x'));
    expect(await caller.may('report', { namespace: 'a', name: 'b' })).toBe(true);
    expect(asked.map(({ authorization }) => authorization)).toStrictEqual(['Bearer x', 'Bearer x']);
    expect(await caller.credentials?.access()).toMatchObject({ token: 'x' });
  });
});
