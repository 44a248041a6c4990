import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseTokens, type TokenEntry, token } from '../../../src/http/auth/token.ts';
import { bearer, noon, refusal, rights } from './support.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const entries: TokenEntry[] = [
  { name: 'gateway', token: 'of-the-gateway', targets: ['team-a/gateway'] },
  { name: 'dashboard', sha256: sha256('of-the-dashboard').toUpperCase(), targets: ['*/*'], verbs: ['read'] },
];

describe('shared tokens', () => {
  it('tell who it is, and what it may', async () => {
    const authenticate = token({ tokens: entries });
    const gateway = await authenticate(bearer('of-the-gateway'));
    expect(gateway.name).toBe('gateway');
    expect(gateway.partition).toBe('service');
    expect(gateway.credentials).toBeUndefined();
    expect(await rights(gateway)).toStrictEqual({ report: true, read: true, elsewhere: false });
    const dashboard = await authenticate(bearer('of-the-dashboard'));
    expect(await rights(dashboard)).toStrictEqual({ report: false, read: true, elsewhere: true });
  });

  it.each(['of-the-gatewa', 'of-the-gatewayy', 'OF-THE-GATEWAY', sha256('of-the-dashboard'), 'undefined'])(
    'do not let in %s',
    async wrong => {
      expect(await refusal(token({ tokens: entries }), bearer(wrong))).toStrictEqual({
        code: 'unauthenticated',
        message: 'The token is not known here.',
        challenge:
          'Bearer realm="vmcp-status", error="invalid_token", error_description="The token is not known here."',
      });
    },
  );

  it('let nobody in where there are none', async () => {
    expect((await refusal(token({ tokens: [] }), bearer('x'))).code).toBe('unauthenticated');
  });

  it('are read again, so that they can be replaced, but not for every request', async () => {
    let [now, reads] = [noon, 0];
    let current = entries;
    const load = () => {
      reads++;
      return current;
    };
    const authenticate = token({ load, now: () => now, reloadInterval: 1_000 });
    for (let i = 0; i < 3; i++) await authenticate(bearer('of-the-gateway'));
    current = [{ name: 'gateway', token: 'the-new-one', targets: ['team-a/*'] }];
    now += 999;
    await authenticate(bearer('of-the-gateway'));
    expect(reads).toBe(1);
    now += 1;
    expect((await authenticate(bearer('the-new-one'))).name).toBe('gateway');
    expect((await refusal(authenticate, bearer('of-the-gateway'))).code).toBe('unauthenticated');
    expect(reads).toBe(2);
  });

  it('stay what they were while they cannot be read, which is logged without them', async () => {
    let now = noon;
    let load = (): TokenEntry[] => entries;
    const logged: string[] = [];
    const note = (message: string, fields?: object) =>
      void logged.push(`${message} ${JSON.stringify(fields)}`);
    const logger = { debug: note, info: note, warn: note, error: note };
    const authenticate = token({ load: () => load(), now: () => now, logger });
    await authenticate(bearer('of-the-gateway'));
    load = () => [{ name: 'x', token: 'has a space and is secret', targets: ['a/b'] }];
    now += 10_000;
    expect((await authenticate(bearer('of-the-gateway'))).name).toBe('gateway');
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatch(/^The tokens of callers cannot be read again/);
    expect(logged[0]).not.toContain('secret');
  });

  it('that could never be read are a fault of the configuration', async () => {
    const authenticate = token({ load: () => parseTokens('', 'VMCP_TOKENS') });
    expect((await refusal(authenticate, bearer('x'))).code).toBe('configuration');
  });

  it('come from one place', () => {
    expect(() => token({})).toThrow('Expected either tokens or load.');
    expect(() => token({ tokens: [], load: () => [] })).toThrow('Expected either tokens or load.');
  });
});

describe('the text of shared tokens', () => {
  it('is JSON', () => {
    expect(parseTokens(JSON.stringify(entries), 'tokens.json')).toStrictEqual(entries);
  });

  it.each([
    ['no JSON', 'hunter2', /^tokens\.json: expected JSON like/],
    ['no list', '{"name": "hunter2"}', /^tokens\.json: expected JSON like/],
    ['null', '[null]', /tokens\.json\[0\]: expected an object/],
    ['a nameless one', '[{"token": "hunter2", "targets": ["a/b"]}]', /\[0\]: expected a name/],
    ['a misspelt member', '[{"name": "a", "token": "hunter2", "hunter2": ["a/b"]}]', /found another member/],
    ['neither', '[{"name": "a", "targets": ["a/b"]}]', /\[0\]: expected either token or sha256/],
    [
      'both',
      '[{"name": "a", "token": "hunter2", "sha256": "hunter2", "targets": ["a/b"]}]',
      /either token or sha256/,
    ],
    ['a short digest', '[{"name": "a", "sha256": "hunter2", "targets": ["a/b"]}]', /64 hexadecimal digits/],
    ['an empty token', '[{"name": "a", "token": "", "targets": ["a/b"]}]', /printable ASCII/],
    ['a number', '[{"name": "a", "token": 7, "targets": ["a/b"]}]', /printable ASCII/],
    ['spaces', '[{"name": "a", "token": "hunter2 hunter2", "targets": ["a/b"]}]', /printable ASCII/],
    ['no targets', '[{"name": "a", "token": "hunter2"}]', /\[0\]\.targets: expected a list/],
    ['a placeholder', '[{"name": "a", "token": "hunter2", "targets": ["{ns}/*"]}]', /targets/],
    [
      'the same twice',
      '[{"name": "a", "token": "hunter2", "targets": ["a/b"]}, {"name": "b", "token": "hunter2", "targets": ["*/*"]}]',
      /\[1\]: expected a token that no other entry has/,
    ],
    [
      'the same digest twice',
      JSON.stringify(['ab', 'AB'].map(byte => ({ name: 'a', sha256: byte.repeat(32), targets: ['a/b'] }))),
      /\[1\]: expected a token that no other entry has/,
    ],
  ])('with %s is refused, and never quoted', (_, text, message) => {
    expect(() => parseTokens(text, 'tokens.json')).toThrow(
      expect.objectContaining({ code: 'configuration', message: expect.stringMatching(message) }),
    );
    expect(() => parseTokens(text, 'tokens.json')).not.toThrow(/hunter2/);
  });
});
