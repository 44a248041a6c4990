import { exportSPKI, SignJWT, UnsecuredJWT } from 'jose';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type FetchKeySet, type JwtOptions, jwt } from '../../../src/http/auth/jwt.ts';
import { bearer, createIssuer, demo, noon, refusal, rights, seconds } from './support.ts';

const issued = await createIssuer();
const { issuer, audience, jwks } = issued;
const changed = (options: Partial<JwtOptions> = {}) =>
  jwt({ issuer, audience, jwks, now: () => noon, ...options });

describe('a token that an issuer signed', () => {
  it('tells who it is, and lets a ServiceAccount report in its namespace', async () => {
    const caller = await changed()(bearer(await issued.sign()));
    expect(caller.name).toBe('system:serviceaccount:team-a:gateway');
    expect(caller.partition).toBe('service');
    expect(await rights(caller)).toStrictEqual({ report: true, read: true, elsewhere: false });
  });

  it('lets it do what the rules say', async () => {
    const rules = [{ claims: { team: 'b' }, targets: ['team-{team}/*'] }];
    const caller = await changed({ rules })(bearer(await issued.sign({ team: 'b' })));
    expect(await rights(caller)).toStrictEqual({ report: false, read: false, elsewhere: true });
    expect(await rights(await changed({ rules })(bearer(await issued.sign())))).toMatchObject({
      elsewhere: false,
    });
  });

  it('may be for several audiences and of several issuers', async () => {
    const authenticate = changed({ issuer: ['https://other', issuer], audience: ['x', audience] });
    await expect(authenticate(bearer(await issued.sign({ aud: ['y', audience] })))).resolves.toBeDefined();
  });

  it.each(['RS256', 'PS384', 'ES384', 'EdDSA'])('may be signed with %s', async alg => {
    const other = await createIssuer(alg);
    const authenticate = changed({ jwks: other.jwks });
    await expect(authenticate(bearer(await other.sign({}, { alg })))).resolves.toBeDefined();
  });

  it('may come from a clock that is a little ahead or behind', async () => {
    await expect(changed()(bearer(await issued.sign({ exp: seconds(noon) - 4 })))).resolves.toBeDefined();
    await expect(changed()(bearer(await issued.sign({ nbf: seconds(noon) + 5 })))).resolves.toBeDefined();
  });
});

describe('a token is refused', () => {
  const unverifiable = 'The token cannot be verified.';
  it.each([
    ['that has expired', { exp: seconds(noon) - 5 }, 'The token has expired.'],
    ['that is not valid yet', { nbf: seconds(noon) + 6 }, 'The token is not valid now, or lacks a claim.'],
    ['for somebody else', { aud: 'https://kubernetes.default.svc' }, 'The token is for another audience.'],
    ['for nobody', { aud: undefined }, 'The token is for another audience.'],
    ['of another issuer', { iss: `${issuer}/` }, 'The token is of another issuer.'],
    ['of no issuer', { iss: undefined }, 'The token is of another issuer.'],
    ['that never expires', { exp: undefined }, 'The token is not valid now, or lacks a claim.'],
    ['of nobody', { sub: undefined }, 'The token is not valid now, or lacks a claim.'],
    ['of somebody without a name', { sub: '' }, unverifiable],
  ])('%s', async (_, changes, message) => {
    expect(await refusal(changed(), bearer(await issued.sign(changes)))).toStrictEqual({
      code: 'unauthenticated',
      message,
      challenge: `Bearer realm="vmcp-status", error="invalid_token", error_description="${message}"`,
    });
  });

  it.each([
    [
      'with a changed payload',
      async () => tamper(await issued.sign(), 1, payload => ({ ...payload, sub: 'admin' })),
    ],
    [
      'with a changed header',
      async () => tamper(await issued.sign(), 0, header => ({ ...header, typ: 'x' })),
    ],
    [
      'with a changed signature',
      async () =>
        (await issued.sign()).replace(/(.)(.{10})$/, (_, one, rest) => `${one === '_' ? '-' : '_'}${rest}`),
    ],
    ['without its signature', async () => (await issued.sign()).replace(/[^.]+$/, '')],
    [
      'with alg none',
      async () =>
        new UnsecuredJWT({ sub: 'x' })
          .setIssuer(issuer)
          .setAudience(audience)
          .setExpirationTime('1h')
          .encode(),
    ],
    [
      'with alg none over a signed one',
      async () => tamper(await issued.sign(), 0, header => ({ ...header, alg: 'none' })),
    ],
    ['with alg None', async () => tamper(await issued.sign(), 0, header => ({ ...header, alg: 'None' }))],
    ['signed with HS256 and the public key as the secret', hs256],
    ['of an unknown key', () => issued.sign({}, { kid: 'key-2' })],
    ['of somebody else who claims to be that key', async () => (await createIssuer()).sign()],
    [
      'with a crit header',
      async () => tamper(await issued.sign(), 0, header => ({ ...header, crit: ['x'], x: 1 })),
    ],
    ['that is none', async () => 'abc'],
    ['of dots', async () => '..'],
    ['with a header that is no object', async () => `${btoa('[]')}.${btoa('{}')}.AA`],
    [
      'with a prototype as its header',
      async () => `${btoa('{"__proto__":{"alg":"ES256"}}')}.${btoa('{}')}.AA`,
    ],
  ])('%s', async (_, make) => {
    expect(await refusal(changed(), bearer(await make()))).toMatchObject({
      code: 'unauthenticated',
      message: unverifiable,
    });
  });

  it('whose algorithm is not among those allowed', async () => {
    expect((await refusal(changed({ algorithms: ['RS256'] }), bearer(await issued.sign()))).message).toBe(
      unverifiable,
    );
  });

  it('and the log says why, without the token', async () => {
    const logged: string[] = [];
    const note = (message: string, fields?: object) =>
      void logged.push(`${message} ${JSON.stringify(fields)}`);
    const token = await issued.sign({ aud: 'x' });
    await refusal(changed({ logger: { debug: note, info: note, warn: note, error: note } }), bearer(token));
    expect(logged).toStrictEqual(['A token was refused {"reason":"unexpected \\"aud\\" claim value"}']);
  });

  async function hs256(): Promise<string> {
    const secret = new TextEncoder().encode(await exportSPKI(issued.publicKey));
    return new SignJWT({ sub: 'x' })
      .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setExpirationTime('1h')
      .sign(secret);
  }
});

describe('options of jwt', () => {
  it.each<[string, Partial<JwtOptions>, RegExp]>([
    ['no issuer', { issuer: '' }, /expected an issuer/],
    ['no issuers', { issuer: [] }, /expected an issuer/],
    ['no audience', { audience: [] }, /expected an audience/],
    ['an empty audience', { audience: '' }, /expected an audience/],
    ['alg none', { algorithms: ['none'] }, /found none/],
    ['a shared key', { algorithms: ['ES256', 'HS256'] }, /found HS256/],
    ['no algorithm', { algorithms: [] }, /expected algorithms/],
    ['a plain http: URL', { jwks: new URL('http://issuer.example/jwks') }, /expected an https: URL/],
    ['a password in the URL', { jwks: new URL('https://:geheim@issuer.example/') }, /^((?!geheim).)*$/],
    ['a user in the URL', { jwks: new URL('https://geheim@issuer.example/') }, /without a user name/],
    ['keys that are none', { jwks: { keys: ['x'] } as never }, /expected a JSON Web Key Set/],
    ['a rule that is none', { rules: [{ targets: ['x'] }] }, /rules\[0\]/],
  ])('are refused with %s', (_, options, message) => {
    expect(() => changed(options)).toThrow(
      expect.objectContaining({ code: 'configuration', message: expect.stringMatching(message) }),
    );
  });
});

describe('keys at a URL', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: noon, toFake: ['Date'] });
    return () => void vi.useRealTimers();
  });

  function remote(options: Partial<JwtOptions> = {}) {
    const state = {
      keys: [issued.jwk] as object[],
      reads: 0,
      status: 200,
      text: undefined as string | undefined,
      asked: [] as Parameters<FetchKeySet>[],
    };
    const logged: string[] = [];
    const note = (message: string, fields?: object) =>
      void logged.push(`${message} ${JSON.stringify(fields)}`);
    const authenticate = changed({
      jwks: new URL('https://issuer.example/jwks'),
      logger: { debug() {}, info() {}, warn: note, error: note },
      now: Date.now,
      ...options,
      fetch: async (...request) => {
        state.reads++;
        state.asked.push(request);
        if (state.status === 0) throw new TypeError('fetch failed');
        return new Response(state.text ?? JSON.stringify({ keys: state.keys }), { status: state.status });
      },
    });
    return { state, authenticate, logged };
  }

  it('are read once, and again after their time', async () => {
    const { state, authenticate } = remote();
    await Promise.all([1, 2, 3].map(async n => authenticate(bearer(await issued.sign({ n })))));
    expect(state.reads).toBe(1);
    vi.advanceTimersByTime(600_000);
    await authenticate(bearer(await issued.sign({ exp: seconds(noon) + 6_000 })));
    expect(state.reads).toBe(2);
  });

  it('are asked for without anything of the caller, and not somewhere else', async () => {
    const { state, authenticate } = remote();
    await authenticate(bearer(await issued.sign({}, { jku: 'https://evil.example/jwks' } as never)));
    expect(state.asked).toHaveLength(1);
    const [[url, { method, headers, redirect, signal }]] = state.asked as [Parameters<FetchKeySet>];
    expect([url, method, redirect]).toStrictEqual(['https://issuer.example/jwks', 'GET', 'manual']);
    expect([...headers.keys()].sort()).toStrictEqual(['accept', 'user-agent']);
    expect(signal.aborted).toBe(false);
  });

  it('are trusted for their time after the issuer withdrew them, and so is what they verified', async () => {
    const { state, authenticate } = remote();
    const [early, late] = await Promise.all([1, 2].map(n => issued.sign({ n, exp: seconds(noon) + 6_000 })));
    const caller = await authenticate(bearer(early!));
    state.keys = [(await createIssuer('ES256', 'key-2')).jwk];
    vi.advanceTimersByTime(599_999);
    expect(authenticate(bearer(early!))).toBe(caller);
    await authenticate(bearer(late!));
    expect(state.reads).toBe(1);
    vi.advanceTimersByTime(1);
    for (const token of [early, late]) {
      expect((await refusal(authenticate, bearer(token!))).code).toBe('unauthenticated');
    }
    expect(state.reads).toBe(2);
  });

  it('are trusted for as long as the options say', async () => {
    const { state, authenticate } = remote({ cacheMaxAge: 1_000, cooldown: 100 });
    const token = await issued.sign();
    await authenticate(bearer(token));
    vi.advanceTimersByTime(99);
    await refusal(authenticate, bearer(await issued.sign({}, { kid: 'x' })));
    expect(state.reads).toBe(1);
    vi.advanceTimersByTime(1);
    await refusal(authenticate, bearer(await issued.sign({}, { kid: 'x' })));
    expect(state.reads).toBe(2);
    vi.advanceTimersByTime(1_000);
    await authenticate(bearer(token));
    expect(state.reads).toBe(3);
  });

  it('are read again for a new key, but not for every token of an unknown one', async () => {
    const { state, authenticate } = remote();
    const next = await createIssuer('ES256', 'key-2');
    await authenticate(bearer(await issued.sign()));
    vi.advanceTimersByTime(30_000);
    state.keys = [issued.jwk, next.jwk];
    await expect(authenticate(bearer(await next.sign()))).resolves.toBeDefined();
    expect(state.reads).toBe(2);
    for (let n = 0; n < 5; n++)
      await refusal(authenticate, bearer(await issued.sign({ n }, { kid: `x${n}` })));
    expect(state.reads).toBe(2);
  });

  it.each([
    ['is down', 0, undefined],
    ['answers 500', 500, undefined],
    ['redirects', 302, undefined],
    ['answers a page', 200, '<html>'],
    ['answers other JSON', 200, '{"keys": "none"}'],
    ['answers keys that are none', 200, '{"keys": ["none"]}'],
    ['answers null', 200, 'null'],
  ])(
    'of an issuer that %s are no fault of the caller, nor a reason to ask for each',
    async (_, status, text) => {
      const { state, authenticate, logged } = remote();
      Object.assign(state, { status, text });
      for (let n = 0; n < 5; n++) {
        expect(await refusal(authenticate, bearer(await issued.sign({ n })))).toMatchObject({
          code: 'unavailable',
        });
      }
      expect(state.reads).toBe(1);
      expect(logged).toStrictEqual([
        expect.stringMatching(/^The public keys .* cannot be read .*https:\/\/issuer\.example\/jwks/),
      ]);
      vi.advanceTimersByTime(2_000);
      Object.assign(state, { status: 200, text: undefined });
      await expect(authenticate(bearer(await issued.sign()))).resolves.toBeDefined();
    },
  );

  it('serve for another hour where the issuer goes away', async () => {
    const { state, authenticate } = remote();
    const token = await issued.sign({ exp: seconds(noon) + 100_000 });
    await authenticate(bearer(token));
    state.status = 0;
    vi.advanceTimersByTime(3_000_000);
    await expect(authenticate(bearer(token))).resolves.toBeDefined();
    expect(state.reads).toBe(2);
    vi.advanceTimersByTime(1_200_000);
    expect((await refusal(authenticate, bearer(token))).code).toBe('unavailable');
  });

  it('that are not among those read are no fault of the caller, where the issuer has been away for too long', async () => {
    const { state, authenticate } = remote();
    await authenticate(bearer(await issued.sign()));
    state.status = 0;
    const unknown = await issued.sign({ exp: seconds(noon) + 100_000 }, { kid: 'key-2' });
    vi.advanceTimersByTime(3_599_999);
    expect((await refusal(authenticate, bearer(unknown))).code).toBe('unauthenticated');
    vi.advanceTimersByTime(30_000);
    expect((await refusal(authenticate, bearer(unknown))).code).toBe('unavailable');
  });
});

describe('verified tokens', () => {
  /** The costly part, which has to be awaited besides. */
  const cryptography = () =>
    (['verify', 'digest', 'importKey'] as const).map(name => vi.spyOn(crypto.subtle, name));

  it('are not verified again, until they expire', async () => {
    let now = noon;
    const authenticate = changed({ now: () => now });
    const token = await issued.sign();
    const caller = await authenticate(bearer(token));
    const spies = cryptography();
    expect(authenticate(bearer(token))).toBe(caller);
    now += 604_999;
    expect(authenticate(bearer(token))).toBe(caller);
    expect(await caller.may('read', demo)).toBe(true);
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    now += 1;
    expect(await caller.may('read', demo)).toBe(false);
    expect((await refusal(authenticate, bearer(token))).message).toBe('The token has expired.');
  });

  it('are known as they are, and not by a part of them', async () => {
    const authenticate = changed();
    const [token, other] = [await issued.sign(), await issued.sign({ sub: 'other' })];
    await authenticate(bearer(token));
    expect((await authenticate(bearer(other))).name).toBe('other');
    for (const wrong of [token.slice(0, -1), `${token}A`, `${token}=`, token.toLowerCase()]) {
      expect((await refusal(authenticate, bearer(wrong))).code).toBe('unauthenticated');
    }
  });

  it('are only those that were: a refusal is not remembered', async () => {
    let now = noon;
    const authenticate = changed({ now: () => now });
    const token = await issued.sign({ nbf: seconds(noon) + 60 });
    expect((await refusal(authenticate, bearer(token))).code).toBe('unauthenticated');
    now += 60_000;
    await expect(authenticate(bearer(token))).resolves.toBeDefined();
  });

  it('are forgotten, the least recently used one first, where there are too many', async () => {
    const verify = vi.spyOn(crypto.subtle, 'verify');
    const authenticate = changed({ cacheSize: 2 });
    const [a, b, c] = await Promise.all([1, 2, 3].map(n => issued.sign({ n })));
    for (const token of [a, b, a, c, a]) await authenticate(bearer(token as string));
    expect(verify).toHaveBeenCalledTimes(3);
    await authenticate(bearer(b as string));
    expect(verify).toHaveBeenCalledTimes(4);
  });
});

function tamper(token: string, part: number, change: (json: object) => object): string {
  const parts = token.split('.');
  const json = JSON.parse(Buffer.from(parts[part] as string, 'base64url').toString());
  parts[part] = Buffer.from(JSON.stringify(change(json))).toString('base64url');
  return parts.join('.');
}
