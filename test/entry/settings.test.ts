import { describe, expect, it } from 'vitest';
import { isLoopback, readSettings } from '../../src/entry/settings.ts';

describe('readSettings', () => {
  it('defaults to a loopback address and port 8787', () => {
    expect(readSettings([], {})).toStrictEqual({ host: '127.0.0.1', port: 8787, help: false });
  });

  it('takes the environment, and options before it', () => {
    const env = { HOST: '::1', PORT: '9000' };
    expect(readSettings([], env)).toMatchObject({ host: '::1', port: 9000 });
    const args = ['--host', 'localhost', '--port=0', '--context', 'prod', '-h'];
    expect(readSettings(args, env)).toStrictEqual({
      host: 'localhost',
      port: 0,
      context: 'prod',
      help: true,
    });
  });

  it('takes an empty variable for an absent one', () => {
    expect(readSettings([], { HOST: '', PORT: '' })).toMatchObject({ host: '127.0.0.1', port: 8787 });
  });

  it.each([
    [['--port', '65536'], {}, /^--port: expected .* found "65536"/],
    [['--port', '-1'], {}, /--port/],
    [[], { PORT: 'http' }, /^PORT: expected .* found "http"/],
    [['--host', '0.0.0.0'], {}, /^--host: expected a loopback address/],
    [[], { HOST: 'example.com' }, /^HOST: expected a loopback address/],
    [['serve'], {}, /serve/],
  ])('refuses %j with %j', (args, env, message) => {
    expect(() => readSettings(args, env)).toThrow(message);
    expect(() => readSettings(args, env)).toThrow(expect.objectContaining({ code: 'configuration' }));
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
