import { describe, expect, it } from 'vitest';
import { staticCredentials } from '../../../src/credentials/static.ts';
import { passthrough } from '../../../src/http/auth/passthrough.ts';
import { createFakeApiServer } from '../../../src/testing/index.ts';
import type { Access } from '../../../src/types.ts';
import { bearer, demo, noon, refusal, rights } from './support.ts';

const gateway = 'system:serviceaccount:team-a:gateway';

function cluster(access: Partial<Access> = {}) {
  const clock = { now: noon };
  const api = createFakeApiServer({
    now: () => new Date(clock.now),
    tokens: { 'of-the-service': { user: 'service', groups: ['system:masters'] } },
    rules: [
      { user: gateway, namespace: 'team-a', resources: ['virtualmcpservers'], verbs: ['get'] },
      { user: gateway, namespace: 'team-a', resources: ['virtualmcpservers/status'], verbs: ['patch'] },
    ],
  });
  const credentials = { source: 'test', access: async () => ({ server: api.server, ...access }) };
  const sent: Headers[] = [];
  const authenticate = passthrough({
    credentials,
    now: () => clock.now,
    fetch: (url, init) => {
      sent.push(new Headers(init.headers));
      return api.fetch(url, init);
    },
  });
  return { api, authenticate, clock, sent, token: api.issueToken(gateway) };
}

describe('passthrough', () => {
  it("brings the caller's own token to the API server, and nothing of the service", async () => {
    const { authenticate, token, api, sent } = cluster({
      token: 'of-the-service',
      headers: { 'impersonate-user': 'admin', authorization: 'Basic abc' },
      tls: { ca: 'CA', cert: 'CERT', key: 'KEY', serverName: 'api.internal' },
      proxyUrl: 'http://proxy.test',
      namespace: 'of-the-service',
    });
    const caller = await authenticate(bearer(token));
    expect(caller.name).toBe(gateway);
    expect(await caller.credentials?.access()).toStrictEqual({
      server: api.server,
      token,
      proxyUrl: 'http://proxy.test',
      tls: { ca: 'CA', serverName: 'api.internal' },
    });
    for (const headers of sent) {
      expect(headers.get('authorization')).toBe(`Bearer ${token}`);
      expect(headers.has('impersonate-user')).toBe(false);
    }
  });

  it('lets the API server say what it may, before anything is kept or shown', async () => {
    const { authenticate, token, api } = cluster();
    expect(await rights(await authenticate(bearer(token)))).toStrictEqual({
      report: true,
      read: true,
      elsewhere: false,
    });
    const stranger = await authenticate(bearer(api.issueToken('stranger')));
    expect(await rights(stranger)).toStrictEqual({ report: false, read: false, elsewhere: false });
  });

  it('keeps callers apart by a digest of their token, which tells nothing of it', async () => {
    const { authenticate, token, api } = cluster();
    const [one, same, other] = [
      await authenticate(bearer(token)),
      await authenticate(bearer(token)),
      await authenticate(bearer(api.issueToken(gateway))),
    ];
    expect(one.partition).toMatch(/^[0-9a-f]{64}$/);
    expect(same.partition).toBe(one.partition);
    expect(other.partition).not.toBe(one.partition);
  });

  it('gives the same access until the place of the API server changes', async () => {
    let server = 'https://one.test';
    let access: Access = { server };
    const credentials = { source: 'test', access: async () => access };
    const answer = { status: { userInfo: { username: 'x' } } };
    const caller = await passthrough({ credentials, fetch: async () => Response.json(answer) })(bearer('x'));
    const first = await caller.credentials?.access();
    expect(await caller.credentials?.access({ refresh: true })).toBe(first);
    server = 'https://two.test';
    access = { server };
    expect(await caller.credentials?.access()).toStrictEqual({ server, token: 'x', tls: {} });
  });

  it('refuses a token that the API server refuses, for a while without asking', async () => {
    const { authenticate, api } = cluster();
    await refusal(authenticate, bearer('unknown'));
    const requests = api.requests.length;
    expect(await refusal(authenticate, bearer('unknown'))).toMatchObject({ code: 'unauthenticated' });
    expect(api.requests).toHaveLength(requests);
  });

  it('lets nobody go on with a token that says itself that it has expired', async () => {
    const { authenticate, token, clock } = cluster();
    const caller = await authenticate(bearer(token));
    expect(await caller.may('read', demo)).toBe(true);
    clock.now += 3_600_000;
    expect(await caller.may('read', demo)).toBe(false);
    expect((await refusal(authenticate, bearer(token))).code).toBe('unauthenticated');
  });

  it('refuses a token that ends between the two questions', async () => {
    const { authenticate, token, api } = cluster();
    const caller = await authenticate(bearer(token));
    api.revokeToken(token);
    await expect(caller.may('report', demo)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it.each([403, 404])(
    'knows a caller by the digest where the API server answers %s to who it is',
    async status => {
      const credentials = staticCredentials({ server: 'https://old.test' });
      const body = { kind: 'Status', status: 'Failure', code: status, message: 'no' };
      const authenticate = passthrough({ credentials, fetch: async () => Response.json(body, { status }) });
      const caller = await authenticate(bearer('x'));
      expect(caller.name).toBe(`token ${caller.partition.slice(0, 8)}`);
      if (status === 403) expect(await caller.may('read', demo)).toBe(false);
    },
  );

  it('does not take a failure for an answer', async () => {
    const credentials = staticCredentials({ server: 'https://down.test' });
    const authenticate = passthrough({
      credentials,
      timeout: 50,
      fetch: async () => new Response('', { status: 503 }),
    });
    expect((await refusal(authenticate, bearer('x'))).code).toMatch(/^(unavailable|timeout)$/);
  });
});
