import { beforeEach, describe, expect, it, vi } from 'vitest';
import { staticCredentials } from '../../../src/credentials/static.ts';
import { type ServiceAccountJwtOptions, serviceAccountJwt } from '../../../src/http/auth/service-account.ts';
import { bearer, createIssuer, noon, refusal, rights, seconds } from './support.ts';

const issued = await createIssuer();

/** An API server that is an issuer of tokens. */
function cluster(changes: Partial<ServiceAccountJwtOptions> = {}) {
  const asked: string[] = [];
  const clock = { now: noon };
  const documents: Record<string, object | number> = {
    '/.well-known/openid-configuration': {
      issuer: issued.issuer,
      jwks_uri: 'https://10.0.0.1:6443/openid/v1/jwks',
    },
    '/openid/v1/jwks': issued.jwks,
  };
  const authenticate = serviceAccountJwt({
    credentials: staticCredentials({ server: 'https://kubernetes.test/prefix', token: 'of-the-service' }),
    now: () => clock.now,
    timeout: 1_000,
    fetch: async (url, init) => {
      asked.push(`${init.headers['authorization']} ${url}`);
      const document = documents[new URL(url).pathname.replace('/prefix', '')];
      if (typeof document !== 'number') return Response.json(document);
      return Response.json({ kind: 'Status', message: 'no', code: document }, { status: document });
    },
    ...changes,
  });
  return { authenticate, asked, documents, clock };
}

describe('tokens of ServiceAccounts', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: noon, toFake: ['Date'] });
    return () => void vi.useRealTimers();
  });

  it('are of the issuer that the cluster is now: it is asked again, with its keys', async () => {
    const { authenticate, documents, clock } = cluster();
    const [old, renamed] = [{}, { iss: 'https://renamed.example' }].map(changes =>
      issued.sign({ ...changes, exp: seconds(noon) + 6_000 }),
    );
    await authenticate(bearer(await old!));
    documents['/.well-known/openid-configuration'] = { issuer: 'https://renamed.example' };
    expect((await refusal(authenticate, bearer(await renamed!))).code).toBe('unauthenticated');
    clock.now += 600_000;
    vi.setSystemTime(clock.now);
    await expect(authenticate(bearer(await renamed!))).resolves.toBeDefined();
    expect((await refusal(authenticate, bearer(await old!))).code).toBe('unauthenticated');
  });

  it("are verified with the cluster's own keys, and are good for their namespace", async () => {
    const { authenticate, asked } = cluster();
    for (const n of [1, 2]) {
      const caller = await authenticate(bearer(await issued.sign({ n })));
      expect(await rights(caller)).toStrictEqual({ report: true, read: true, elsewhere: false });
    }
    expect(asked).toStrictEqual([
      'Bearer of-the-service https://kubernetes.test/prefix/.well-known/openid-configuration',
      'Bearer of-the-service https://kubernetes.test/prefix/openid/v1/jwks',
    ]);
  });

  it.each([{ aud: 'https://kubernetes.default.svc' }, { iss: 'https://another-cluster.example' }])(
    'are refused with %j',
    async changes => {
      expect((await refusal(cluster().authenticate, bearer(await issued.sign(changes)))).code).toBe(
        'unauthenticated',
      );
    },
  );

  it('are of the issuer that is given, and for the audience', async () => {
    const { authenticate, asked } = cluster({ issuer: 'https://given.example', audience: 'mine' });
    const token = await issued.sign({ iss: 'https://given.example', aud: 'mine' });
    await expect(authenticate(bearer(token))).resolves.toBeDefined();
    expect(asked).toHaveLength(1);
    expect((await refusal(authenticate, bearer(await issued.sign()))).code).toBe('unauthenticated');
  });

  it('cause no more questions where many come at once, nor where there is no answer', async () => {
    const { authenticate, asked, documents, clock } = cluster();
    const tokens = await Promise.all([1, 2, 3].map(n => issued.sign({ n })));
    documents['/.well-known/openid-configuration'] = 403;
    await Promise.all(tokens.map(token => refusal(authenticate, bearer(token))));
    for (const token of tokens) await refusal(authenticate, bearer(token));
    expect(asked).toHaveLength(1);
    clock.now += 2_000;
    documents['/.well-known/openid-configuration'] = { issuer: issued.issuer };
    await Promise.all(tokens.map(token => authenticate(bearer(token))));
    expect(asked).toHaveLength(3);
  });

  it.each([
    ['/openid/v1/jwks', 403, 'configuration', /system:service-account-issuer-discovery/],
    ['/.well-known/openid-configuration', 403, 'configuration', /system:service-account-issuer-discovery/],
    ['/openid/v1/jwks', 503, 'unavailable', /503/],
    ['/.well-known/openid-configuration', {}, 'protocol', /issuer/],
    ['/openid/v1/jwks', {}, 'unavailable', /public keys/],
  ])(
    'cannot be verified where %s answers %j, which is no fault of the caller',
    async (path, answer, code, message) => {
      const { authenticate, documents } = cluster();
      documents[path] = answer;
      const refused = await refusal(authenticate, bearer(await issued.sign()));
      expect(refused).toMatchObject({ code, message: expect.stringMatching(message) });
    },
  );
});
