import { describe, expect, it, vi } from 'vitest';
import { staticCredentials } from '../../src/credentials/static.ts';
import { isConfigurationError } from '../../src/errors.ts';
import { fakeClock, jwt } from './memory-host.ts';

const server = 'https://api.example:6443';

describe('staticCredentials', () => {
  it('hands on what it was given', async () => {
    const given = {
      server: `${server}/k8s/clusters/c-1/`,
      token: ' secret \n',
      tls: { ca: 'CA' },
      proxyUrl: 'http://proxy',
      headers: { 'impersonate-user': 'jane' },
      namespace: 'gateways',
    };
    const credentials = staticCredentials(given);
    const access = await credentials.access();
    expect(access).toEqual({ ...given, server: `${server}/k8s/clusters/c-1`, token: 'secret' });
    expect(await credentials.access({ refresh: true })).toBe(access);
    expect(credentials.source).toBe('credentials given for api.example:6443');
  });

  it('needs no token', async () => {
    expect(await staticCredentials({ server }).access()).toEqual({ server });
  });

  it.each([
    ['', 'a URL like https://'],
    ['api.example:6443', 'a URL like https://'],
    ['me:hush@api.example:6443', 'a URL like https://'],
    ['ftp://api.example', 'a URL like https://'],
    ['https://me:hush@api.example', 'without user'],
    ['https://api.example/?token=hush', 'without user'],
  ])('refuses the server %j', async (text, expected) => {
    const error = await staticCredentials({ server: text })
      .access()
      .catch(reason => reason);
    expect(isConfigurationError(error)).toBe(true);
    expect(error.message).toContain(expected);
    expect(error.message).not.toContain('hush');
  });

  it.each(['', '  ', 'Bearer hush', 'hush\nhush', 'hüsh'])('refuses the token %j', async token => {
    const error = await staticCredentials({ server, token })
      .access()
      .catch(reason => reason);
    expect(isConfigurationError(error)).toBe(true);
    expect(error.message).not.toMatch(/h[uü]sh/);
  });
});

describe('a function that gives the token', () => {
  it('is known without waiting while it need not be asked again', async () => {
    const clock = fakeClock();
    const credentials = staticCredentials({ server, token: () => 'secret', now: clock.now });
    expect(credentials.current?.()).toBeUndefined();
    const access = await credentials.access();
    expect(credentials.current?.()).toBe(access);
    clock.advance(59_999);
    expect(credentials.current?.()).toBe(access);
    clock.advance(1);
    expect(credentials.current?.()).toBeUndefined();
    // Set back to before it was asked.
    clock.advance(-60_001);
    expect(credentials.current?.()).toBeUndefined();
  });

  it('is asked again after a minute', async () => {
    const clock = fakeClock();
    const token = vi.fn(async () => `token-${token.mock.calls.length}`);
    const credentials = staticCredentials({ server, token, now: clock.now });
    const first = await credentials.access();
    clock.advance(59_999);
    expect(await credentials.access()).toBe(first);
    clock.advance(1);
    expect((await credentials.access()).token).toBe('token-2');
  });

  it('is told why it is asked again at once', async () => {
    const token = vi.fn(({ refresh }: { refresh: boolean }) => (refresh ? 'new' : 'old'));
    const credentials = staticCredentials({ server, token });
    expect((await credentials.access()).token).toBe('old');
    expect((await credentials.access({ refresh: true })).token).toBe('new');
  });

  it('is asked again when a JWT has lived four fifths of its life, and not before', async () => {
    const clock = fakeClock();
    const token = vi.fn(() => jwt(clock.now() + 3_600_000));
    const credentials = staticCredentials({ server, token, now: clock.now });
    await credentials.access();
    clock.advance(2_879_999);
    await credentials.access();
    expect(token).toHaveBeenCalledTimes(1);
    clock.advance(1);
    await credentials.access();
    expect(token).toHaveBeenCalledTimes(2);
  });

  it('may fail: its own error rejects', async () => {
    const fault = new Error('vault is sealed');
    const token = () => Promise.reject(fault);
    await expect(staticCredentials({ server, token }).access()).rejects.toBe(fault);
  });
});
