import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { isLoopback, readAddress, readLimits, readPort } from '../../src/entry/settings.ts';
import { version } from '../../src/entry/version.ts';

describe('readAddress', () => {
  it('defaults to a loopback address and port 8787', () => {
    expect(readAddress({}, {}, false)).toStrictEqual({ host: '127.0.0.1', port: 8787 });
  });

  it('takes the environment, and options before it', () => {
    const env = { HOST: '::1', PORT: '9000' };
    expect(readAddress({}, env, false)).toStrictEqual({ host: '::1', port: 9000 });
    expect(readAddress({ host: 'localhost', port: '0' }, env, false)).toStrictEqual({
      host: 'localhost',
      port: 0,
    });
  });

  it('takes an empty variable for an absent one', () => {
    const env = { HOST: '', PORT: '' };
    expect(readAddress({}, env, false)).toStrictEqual({ host: '127.0.0.1', port: 8787 });
  });

  it.each([
    [{ port: '65536' }, {}, /^--port: expected .* found "65536"/],
    [{ port: '-1' }, {}, /^--port/],
    [{}, { PORT: 'http' }, /^PORT: expected .* found "http"/],
    [{ host: '0.0.0.0' }, {}, /^--host: expected a loopback address .* --auth/],
    [{}, { HOST: 'example.com' }, /^HOST: expected a loopback address/],
  ])('refuses %j with %j', (options, env, message) => {
    expect(() => readAddress(options, env, false)).toThrow(message);
    expect(() => readAddress(options, env, false)).toThrow(
      expect.objectContaining({ code: 'configuration' }),
    );
  });

  it('takes any address where callers are asked who they are', () => {
    expect(readAddress({ host: '0.0.0.0' }, {}, true)).toMatchObject({ host: '0.0.0.0' });
  });
});

describe('readPort', () => {
  it('has a default of its own for each use', () => expect(readPort(undefined, {}, '0')).toBe(0));
});

describe('readLimits', () => {
  it('reads what is given, and nothing else', () => {
    expect(readLimits({})).toStrictEqual({});
    expect(readLimits({ requestsPerSecond: '350', resources: '10000' })).toStrictEqual({
      requestsPerSecond: 350,
      resources: 10_000,
    });
  });

  it.each(['0', '-1', '1.5', 'many', '', '10000000'])('refuses %j', text => {
    expect(() => readLimits({ requestsPerSecond: text })).toThrow(
      `--requests-per-second: expected a whole number from 1 to 9999999, found "${text}".`,
    );
    expect(() => readLimits({ resources: text })).toThrow(expect.objectContaining({ code: 'configuration' }));
  });
});

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost'])('is true of %s', host =>
    expect(isLoopback(host)).toBe(true),
  );
  it.each(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.com', '', 'localhost.example.com'])(
    'is false of %j',
    host => expect(isLoopback(host)).toBe(false),
  );
});

it('the version is that of the package', () => expect(version).toBe(manifest.version));
