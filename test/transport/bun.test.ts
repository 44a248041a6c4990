// What Bun's transport asks of Bun's fetch; what Bun makes of it is tested on Bun.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isConfigurationError, isStatusReporterError } from '../../src/errors.ts';
import { createTransport } from '../../src/transport/bun.ts';
import type { TransportOptions } from '../../src/types.ts';

const url = 'https://api.example:6443/version';
const patch = { method: 'PATCH', url, headers: {}, body: '{}' };
const pem = (label: string) => `-----BEGIN ${label}-----\nMIIB\n-----END ${label}-----\n`;
const reset = () =>
  Object.assign(new Error('The socket connection was closed unexpectedly.'), { code: 'ECONNRESET' });

function stubFetch(...outcomes: (Error | Response)[]) {
  const fetch = vi.fn(async (_url: string, _init: Record<string, unknown>) => {
    const outcome = outcomes.shift() ?? new Response('ok');
    if (outcome instanceof Error) throw outcome;
    return outcome;
  });
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

afterEach(() => vi.unstubAllGlobals());

describe("Bun's transport", () => {
  it('hands trust, client certificate, name and proxy to fetch', async () => {
    const fetch = stubFetch();
    const tls = {
      ca: pem('CERTIFICATE'),
      cert: pem('CERTIFICATE'),
      key: pem('PRIVATE KEY'),
      serverName: 'kubernetes',
    };
    await createTransport({ tls, proxyUrl: 'http://proxy:3128' }).request(patch);
    expect(fetch).toHaveBeenCalledWith(url, {
      method: 'PATCH',
      headers: {},
      body: '{}',
      redirect: 'manual',
      tls,
      proxy: 'http://proxy:3128',
    });
  });

  it.each<[TransportOptions, object]>([
    [{}, {}],
    [{ tls: { ca: '', serverName: '', insecureSkipVerify: false }, proxyUrl: '' }, {}],
    [{ tls: { insecureSkipVerify: true } }, { tls: { rejectUnauthorized: false } }],
  ])('makes of %j no more than %j', async (options, expected) => {
    const fetch = stubFetch();
    await createTransport(options).request(patch);
    const { method, headers, body, redirect, ...extras } = fetch.mock.lastCall?.[1] ?? {};
    expect(extras).toEqual(expected);
  });

  it('lets answers that end in one turn of the event loop go on together', async () => {
    const order: string[] = [];
    const answer = (name: string, after: number) => ({
      status: 200,
      headers: new Headers(),
      text: async () => {
        for (let step = 0; step < after; step++) await null;
        order.push(`${name} is read`);
        return name;
      },
    });
    vi.stubGlobal('fetch', async (_: string, { method }: RequestInit) =>
      answer(method!, method === 'PUT' ? 50 : 0),
    );
    const transport = createTransport();
    await Promise.all(
      ['GET', 'PUT'].map(async method => {
        const { text } = await transport.request({ method, url, headers: {} });
        order.push(`${text} goes on`);
      }),
    );
    expect(order).toStrictEqual(['GET is read', 'PUT is read', 'GET goes on', 'PUT goes on']);
  });

  it('refuses what is no PEM text, which Bun would report as a wrong address', () => {
    expect(() => createTransport({ tls: { ca: 'x' } })).toThrow(expect.toSatisfy(isConfigurationError));
  });

  it('repeats a PATCH once whose connection was reset, after an answer came', async () => {
    const fetch = stubFetch(new Response('one'), reset(), new Response('two'));
    const transport = createTransport();
    await transport.request(patch);
    expect((await transport.request(patch)).text).toBe('two');
    expect(fetch).toHaveBeenCalledTimes(3);
  });

  it('repeats it once only', async () => {
    const fetch = stubFetch(new Response('one'), reset(), reset());
    const transport = createTransport();
    await transport.request(patch);
    await expect(transport.request(patch)).rejects.toSatisfy(error =>
      isStatusReporterError(error, 'unavailable'),
    );
    expect(fetch).toHaveBeenCalledTimes(3);
  });

  it.each([
    ['before any answer', patch, reset(), false],
    ['of what Bun repeats itself', { ...patch, method: 'PUT' }, reset(), true],
    ['of a POST', { ...patch, method: 'POST' }, reset(), true],
    ['for another reason', patch, Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }), true],
    ['when aborted', { ...patch, signal: new AbortController().signal }, new Error('aborted'), true],
  ])('does not repeat a failure %s', async (_, request, error, answered) => {
    const fetch = answered ? stubFetch(new Response('one'), error) : stubFetch(error);
    const transport = createTransport();
    if (answered) await transport.request(patch);
    await expect(transport.request(request)).rejects.toThrow();
    expect(fetch).toHaveBeenCalledTimes(answered ? 2 : 1);
  });
});
