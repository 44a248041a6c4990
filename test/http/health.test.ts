import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigurationError } from '../../src/errors.ts';
import type { AppOptions } from '../../src/http/app.ts';
import { serviceOf } from './stub.ts';

async function ask(path: string, app: Partial<AppOptions> = {}) {
  const { app: service, logged } = serviceOf({ app });
  const answer = await service.request(path);
  return { status: answer.status, text: await answer.text(), headers: answer.headers, logged };
}

const failing = {
  'api-server': () => Promise.reject(new ConfigurationError('/etc/secret/token is missing')),
  disk: () => {
    throw new Error('/dev/sda is broken');
  },
};

describe('liveness', () => {
  it.each(['/livez', '/healthz'])('%s is ok whatever else is wrong', async path => {
    const { status, text } = await ask(path, { ready: failing });
    expect([status, text]).toStrictEqual([200, 'ok']);
  });

  it.each(['livez', 'healthz'])('%s lists its checks when asked to', async name => {
    expect((await ask(`/${name}?verbose`)).text).toBe(`[+]ping ok\n${name} check passed\n`);
  });
});

describe('readiness', () => {
  it('is ok in one word, or with every check', async () => {
    const ready = { 'api-server': async () => {} };
    expect((await ask('/readyz', { ready })).text).toBe('ok');
    expect((await ask('/readyz?verbose', { ready })).text).toBe(
      '[+]ping ok\n[+]shutdown ok\n[+]api-server ok\nreadyz check passed\n',
    );
  });

  it('answers 503 with the reasons that strangers may know; the log has the others', async () => {
    const { status, text, headers, logged } = await ask('/readyz', { ready: failing });
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('5');
    expect(text).toBe(`[+]ping ok
[+]shutdown ok
[-]api-server failed: This service is not set up as it has to be; its log says what is missing.
[-]disk failed: reason withheld
readyz check failed
`);
    const warned = logged.filter(line => line.startsWith('warn')).sort();
    expect(warned).toStrictEqual([
      expect.stringContaining('/etc/secret/token'),
      expect.stringContaining('/dev/sda'),
    ]);
  });

  it('leaves out what is excluded', async () => {
    const { status, text } = await ask('/readyz?exclude=disk&exclude=api-server&verbose', { ready: failing });
    expect(status).toBe(200);
    expect(text).toContain('[+]disk excluded: ok\n');
  });

  it('says which excluded checks there are not', async () => {
    expect((await ask('/readyz?exclude=etcd&exclude=x')).text).toBe('ok');
    expect((await ask('/readyz?exclude=etcd&verbose')).text).toContain('no matches for "etcd"\n');
    expect((await ask('/readyz?exclude=etcd&exclude=ping&exclude=x&verbose')).text).toBe(
      `[+]ping excluded: ok
[+]shutdown ok
warn: some health checks cannot be excluded: no matches for "etcd","x"
readyz check passed
`,
    );
  });

  it('ends with the shutdown', async () => {
    const closing = AbortSignal.abort();
    const { status, text } = await ask('/readyz', { closing });
    expect(status).toBe(503);
    expect(text).toContain('[-]shutdown failed: This service is shutting down.\n');
    expect((await ask('/livez', { closing })).status).toBe(200);
  });
});

describe('checks', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('cost nothing within a second: anybody may ask', async () => {
    let asked = 0;
    const { app } = serviceOf({ app: { ready: { count: () => void asked++ } } });
    for (let n = 0; n < 100; n++) await app.request('/readyz');
    expect(asked).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(999);
    await app.request('/readyz');
    expect(asked).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    await app.request('/readyz');
    expect(asked).toBe(2);
  });

  it('are made once for all who ask while they last', async () => {
    let asked = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const slow = () => {
      asked++;
      return promise;
    };
    const { app } = serviceOf({ app: { ready: { slow } } });
    const answers = Array.from({ length: 50 }, () => app.request('/readyz'));
    await vi.advanceTimersByTimeAsync(1000);
    resolve();
    expect((await Promise.all(answers)).map(({ status }) => status)).toStrictEqual(Array(50).fill(200));
    expect(asked).toBe(1);
  });

  it('fail after five seconds, and are told to stop', async () => {
    let told: AbortSignal | undefined;
    const silent = (signal: AbortSignal) => {
      told = signal;
      return new Promise<void>(() => {});
    };
    const { app } = serviceOf({ app: { ready: { silent }, timeout: 60_000 } });
    const answer = app.request('/readyz');
    await vi.advanceTimersByTimeAsync(4999);
    expect(told?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await (await answer).text()).toContain('[-]silent failed: reason withheld');
    expect(told?.aborted).toBe(true);
  });
});
