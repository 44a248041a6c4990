import { describe, expect, it, vi } from 'vitest';
import { staticCredentials } from '../../../src/credentials/static.ts';
import { type ReviewOptions, review } from '../../../src/http/auth/review.ts';
import { createFakeApiServer, type FakeApiServer } from '../../../src/testing/index.ts';
import { bearer, demo, elsewhere, noon, refusal, rights } from './support.ts';

const own = 'the-token-of-the-service';
const gateway = 'system:serviceaccount:team-a:gateway';
const resource = { namespace: 'team-a', resources: ['virtualmcpservers'], verbs: ['get'] };
const status = { namespace: 'team-a', resources: ['virtualmcpservers/status'], verbs: ['patch'] };

/** A cluster that knows the service and a gateway, and the requests that reach it. */
function cluster(changes: Partial<ReviewOptions> = {}) {
  const clock = { now: noon };
  const now = () => clock.now;
  const api: FakeApiServer = createFakeApiServer({
    now: () => new Date(clock.now),
    tokens: { [own]: { user: 'service', groups: ['system:masters'] }, opaque: { user: 'ci' } },
    rules: [
      { user: gateway, ...resource },
      { user: gateway, ...status },
    ],
  });
  const credentials = staticCredentials({ server: api.server, token: own, now });
  const authenticate = review({ credentials, fetch: api.fetch, now, ...changes });
  const asked = () => api.requests.map(({ path }) => path.split('/').at(-1));
  return { api, authenticate, clock, asked, token: api.issueToken(gateway) };
}

describe('review', () => {
  it('lets the cluster say who it is, and what it may', async () => {
    const { authenticate, api, token } = cluster();
    const caller = await authenticate(bearer(token));
    expect(caller.name).toBe(gateway);
    expect(caller.partition).toBe('service');
    expect(caller.credentials).toBeUndefined();
    expect(await rights(caller)).toStrictEqual({ report: true, read: true, elsewhere: false });
    expect(api.requests[1]?.body).toMatchObject({
      spec: {
        user: gateway,
        groups: expect.anything(),
        resourceAttributes: {
          group: 'toolhive.stacklok.dev',
          resource: 'virtualmcpservers',
          subresource: 'status',
          verb: 'patch',
          ...demo,
        },
      },
    });
  });

  it('tells the authorizer all that is known of the caller', async () => {
    const user = { username: 'x', uid: 'u', groups: ['g'], extra: { 'example.com/pod': ['p'] } };
    const bodies: { spec: object }[] = [];
    const { authenticate } = cluster({
      async fetch(_, init) {
        bodies.push(JSON.parse(String(init.body)));
        return Response.json({ status: { authenticated: true, user, allowed: true } });
      },
    });
    expect(await (await authenticate(bearer('x'))).may('report', demo)).toBe(true);
    const { username, ...rest } = user;
    expect(bodies[1]?.spec).toMatchObject({ user: username, ...rest });
  });

  it('needs the right for what is done: to read is not to report', async () => {
    const { authenticate, api } = cluster();
    api.addRule({ user: 'reader', ...resource });
    const caller = await authenticate(bearer(api.issueToken('reader')));
    expect(await rights(caller)).toStrictEqual({ report: false, read: true, elsewhere: false });
  });

  it('does not take one right for another: not the verb, not the resource, not the namespace', async () => {
    const { authenticate, api } = cluster();
    const resourceNames = ['gateway'];
    api.addRule({ user: 'reader', ...resource, resourceNames });
    api.addRule({ user: 'writer', ...status, resourceNames });
    const other = { ...demo, name: 'other' };
    for (const [user, right, lacking] of [
      ['reader', 'read', 'report'],
      ['writer', 'report', 'read'],
    ] as const) {
      for (const order of [
        [demo, other, elsewhere],
        [elsewhere, other, demo],
      ]) {
        const caller = await authenticate(bearer(api.issueToken(user)));
        for (const target of order) {
          expect(await caller.may(right, target), `${user} ${target.namespace}`).toBe(target === demo);
          expect(await caller.may(lacking, target)).toBe(false);
        }
      }
    }
  });

  it('asks about a single resource only where less does not do', async () => {
    const { authenticate, api, asked, token } = cluster();
    const caller = await authenticate(bearer(token));
    api.clearRequests();
    for (const name of ['a', 'b', 'c'])
      expect(await caller.may('read', { namespace: 'team-a', name })).toBe(true);
    expect(asked()).toHaveLength(2);
    const admin = await authenticate(bearer(own));
    api.clearRequests();
    for (const target of [demo, elsewhere]) expect(await admin.may('read', target)).toBe(true);
    expect(asked()).toHaveLength(1);
  });

  it('asks once for what many ask at the same time, and for a while after', async () => {
    const { authenticate, asked, token, clock } = cluster();
    const callers = await Promise.all([1, 2, 3].map(() => authenticate(bearer(token))));
    await Promise.all(callers.map(caller => caller.may('report', demo)));
    expect(asked()).toStrictEqual(['tokenreviews', 'subjectaccessreviews']);
    clock.now += 9_999;
    await (await authenticate(bearer(token))).may('report', demo);
    expect(asked()).toHaveLength(2);
    clock.now += 1;
    await (await authenticate(bearer(token))).may('report', demo);
    expect(asked()).toHaveLength(4);
  });

  it('notices a right that was granted sooner than one that was taken away', async () => {
    const { authenticate, api, clock } = cluster();
    const caller = await authenticate(bearer(api.issueToken('late')));
    expect(await caller.may('report', demo)).toBe(false);
    api.addRule({ user: 'late', ...status });
    expect(await caller.may('report', demo)).toBe(false);
    clock.now += 2_000;
    expect(await caller.may('report', demo)).toBe(true);
  });

  it('keeps the answers about different callers apart', async () => {
    const { authenticate, api, token } = cluster();
    const [one, other] = [
      await authenticate(bearer(token)),
      await authenticate(bearer(api.issueToken('other'))),
    ];
    expect([await one.may('report', demo), await other.may('report', demo)]).toStrictEqual([true, false]);
  });

  it.each(['nobody-knows-this', 'a.b.c'])(
    'refuses %s, and asks no more about it for a while',
    async wrong => {
      const { authenticate, asked, clock } = cluster();
      for (let i = 0; i < 3; i++) {
        expect(await refusal(authenticate, bearer(wrong))).toMatchObject({
          code: 'unauthenticated',
          message: 'The cluster does not accept the token.',
        });
      }
      expect(asked()).toStrictEqual(['tokenreviews']);
      clock.now += 2_000;
      await refusal(authenticate, bearer(wrong));
      expect(asked()).toHaveLength(2);
    },
  );

  it('refuses a token that was revoked, after ten seconds at most', async () => {
    const { authenticate, api, token, clock } = cluster();
    await authenticate(bearer(token));
    api.revokeToken(token);
    clock.now += 10_000;
    expect((await refusal(authenticate, bearer(token))).code).toBe('unauthenticated');
  });

  it('refuses a token that says itself that it has expired without asking, also one just accepted', async () => {
    const { authenticate, asked, api, clock } = cluster();
    const token = api.issueToken(gateway, [], { expiresInSeconds: 5 });
    const caller = await authenticate(bearer(token));
    clock.now += 5_000;
    expect((await refusal(authenticate, bearer(token))).code).toBe('unauthenticated');
    expect(await caller.may('read', demo)).toBe(false);
    expect(asked()).toHaveLength(1);
  });

  it('accepts only tokens for its audiences, where it has some', async () => {
    const { authenticate, api, token } = cluster({ audiences: ['vmcp-status-reporter'] });
    expect((await refusal(authenticate, bearer(token))).code).toBe('unauthenticated');
    expect(api.requests[0]?.body).toMatchObject({ spec: { audiences: ['vmcp-status-reporter'] } });
    const same = cluster({ audiences: ['https://kubernetes.default.svc'] });
    expect((await same.authenticate(bearer(same.token))).name).toBe(gateway);
  });

  it('does not trust an API server that ignores the audiences', async () => {
    const { token } = cluster();
    const answer = { status: { authenticated: true, user: { username: 'x' } } };
    const deaf = cluster({ audiences: ['x'], fetch: async () => Response.json(answer) });
    expect((await refusal(deaf.authenticate, bearer(token))).code).toBe('unauthenticated');
  });

  it.each([
    {},
    { status: {} },
    { status: { authenticated: true } },
    { status: { authenticated: 'true', user: { username: 'x' } } },
  ])('takes %j for a no', async answer => {
    const { authenticate } = cluster({ fetch: async () => Response.json(answer) });
    expect((await refusal(authenticate, bearer('x'))).code).toBe('unauthenticated');
  });

  it('says whose fault it is that it may not ask, and what to do', async () => {
    const { authenticate, api } = cluster({
      credentials: staticCredentials({ server: 'https://kubernetes.test', token: 'opaque' }),
    });
    const refused = await refusal(authenticate, bearer(api.issueToken(gateway)));
    expect(refused.code).toBe('configuration');
    expect(refused.message).toMatch(/system:auth-delegator/);
  });

  it('does not take a failure for an answer', async () => {
    let up = false;
    const { api, token } = cluster();
    const { authenticate } = cluster({
      timeout: 1_000,
      fetch: async (url, init) =>
        up ? api.fetch(url, init as RequestInit) : Promise.reject(new TypeError('fetch failed')),
    });
    expect((await refusal(authenticate, bearer(token))).code).toMatch(/^(unavailable|timeout)$/);
    up = true;
    expect((await authenticate(bearer(token))).name).toBe(gateway);
  });

  it('asks about every resource of a long list, a few at a time', async () => {
    let [running, most] = [0, 0];
    const { api, token } = cluster();
    const { authenticate } = cluster({
      async fetch(url, init) {
        most = Math.max(most, ++running);
        await new Promise(resolve => setTimeout(resolve, 1));
        running--;
        return api.fetch(url, init as RequestInit);
      },
    });
    const caller = await authenticate(bearer(token));
    const others = Array.from({ length: 300 }, (_, n) => ({
      namespace: `other-${n % 20}`,
      name: `gateway-${n}`,
    }));
    const may = await Promise.all([...others, demo].map(target => caller.may('read', target)));
    expect(may.filter(Boolean)).toHaveLength(1);
    expect(may.at(-1)).toBe(true);
    expect(most).toBe(8);
  });

  it('identifies no more than so many callers at a time', async () => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    const fetch = vi.fn(async () => (await promise).clone());
    const { authenticate } = cluster({ cache: { pending: 2 }, fetch });
    const waiting = ['a', 'b'].map(token => refusal(authenticate, bearer(token)));
    await expect.poll(() => fetch.mock.calls.length).toBe(2);
    expect((await refusal(authenticate, bearer('c'))).code).toBe('throttled');
    resolve(Response.json({}));
    expect((await Promise.all(waiting)).map(({ code }) => code)).toStrictEqual([
      'unauthenticated',
      'unauthenticated',
    ]);
    expect((await refusal(authenticate, bearer('c'))).code).toBe('unauthenticated');
  });

  it('remembers no more answers than it may: the one not used for the longest time goes', async () => {
    let asked = 0;
    const { authenticate } = cluster({
      cache: { size: 2 },
      async fetch() {
        asked++;
        return Response.json({ status: { authenticated: true, user: { username: 'x' } } });
      },
    });
    for (const token of ['a', 'b', 'a', 'c', 'a', 'c']) await authenticate(bearer(token));
    expect(asked).toBe(3);
    await authenticate(bearer('b'));
    expect(asked).toBe(4);
  });
});
