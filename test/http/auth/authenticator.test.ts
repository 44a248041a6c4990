import { describe, expect, it } from 'vitest';
import { staticCredentials } from '../../../src/credentials/static.ts';
import {
  type AuthConfig,
  type AuthDependencies,
  createAuthenticator,
} from '../../../src/http/auth/authenticator.ts';
import { createFakeApiServer } from '../../../src/testing/index.ts';
import { bearer, createIssuer, noon, refusal } from './support.ts';

const issued = await createIssuer();

function made(config: AuthConfig, changes: Partial<AuthDependencies> = {}) {
  const api = createFakeApiServer({ tokens: { own: { user: 'service', groups: ['system:masters'] } } });
  const deps = {
    credentials: staticCredentials({ server: api.server, token: 'own' }),
    fetch: api.fetch,
    now: () => noon,
  };
  return { api, authenticate: createAuthenticator(config, { ...deps, ...changes }) };
}

describe('the authenticator of some settings', () => {
  it('is review', async () => {
    const { api, authenticate } = made({ mode: 'review' });
    expect((await authenticate(bearer(api.issueToken('gateway')))).name).toBe('gateway');
    expect(api.requests[0]?.user).toBe('service');
  });

  it('is passthrough', async () => {
    const { api, authenticate } = made({ mode: 'passthrough' });
    expect((await authenticate(bearer(api.issueToken('gateway')))).name).toBe('gateway');
    expect(api.requests[0]?.user).toBe('gateway');
  });

  it('is token, from a text', async () => {
    const text = '[{"name": "edge", "token": "s3cret", "targets": ["*/*"]}]';
    const { authenticate } = made(
      { mode: 'token' },
      { readTokens: async () => ({ text, source: 'tokens.json' }) },
    );
    expect((await authenticate(bearer('s3cret'))).name).toBe('edge');
    const broken = made({ mode: 'token' }, { readTokens: async () => ({ text: '', source: 'tokens.json' }) });
    expect(await refusal(broken.authenticate, bearer('s3cret'))).toMatchObject({
      code: 'configuration',
      message: expect.stringMatching(/^tokens\.json/),
    });
  });

  it('is jwt of another issuer', async () => {
    const { issuer, jwks } = issued;
    const { authenticate } = made({ mode: 'jwt', issuer, jwks });
    expect((await authenticate(bearer(await issued.sign()))).name).toContain('gateway');
    expect(() => made({ mode: 'jwt', issuer, jwks: 'https://issuer.example/jwks' })).not.toThrow();
  });

  it('is jwt of the cluster, where no keys are given', async () => {
    const fetch: AuthDependencies['fetch'] = async url =>
      Response.json(url.endsWith('/jwks') ? issued.jwks : { issuer: issued.issuer });
    const { authenticate } = made({ mode: 'jwt' }, { fetch });
    expect((await authenticate(bearer(await issued.sign()))).name).toContain('gateway');
  });

  it.each<[AuthConfig, RegExp]>([
    [{ mode: 'token' }, /a place to read tokens from/],
    [{ mode: 'jwt', jwks: issued.jwks }, /an issuer/],
    [{ mode: 'jwt', jwks: 'not a URL', issuer: 'x' }, /a URL/],
    [{ mode: 'jwt', algorithms: ['HS256'] }, /HS256/],
  ])('cannot be made from %j', (config, message) => {
    expect(() => made(config)).toThrow(
      expect.objectContaining({ code: 'configuration', message: expect.stringMatching(message) }),
    );
  });
});
