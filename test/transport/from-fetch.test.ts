import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { isConfigurationError } from '../../src/errors.ts';
import { createTransport, lastingTimers } from '../../src/transport/fetch.ts';
import { type FetchLike, fromFetch } from '../../src/transport/from-fetch.ts';
import type { TransportOptions } from '../../src/types.ts';

const server = 'https://api.example:6443';
const headers = {
  authorization: 'Bearer secret-token',
  'content-type': 'application/json',
};
const get = { method: 'GET', url: `${server}/version`, headers };

const network = setupServer();
beforeAll(() => network.listen({ onUnhandledFrame: 'error' }));
afterEach(() => network.resetHandlers());
afterAll(() => network.close());

async function failureOf(work: Promise<unknown>): Promise<Error & { code?: string; cause?: Error }> {
  return await work.then(() => expect.unreachable('expected a rejection')).catch(reason => reason);
}

describe('fromFetch', () => {
  it('is seen by MSW when it is given the global fetch', async () => {
    network.use(
      http.patch(`${server}/prefix/status`, async ({ request }) =>
        HttpResponse.json(
          { got: await request.json(), who: request.headers.get('authorization') },
          { status: 409, headers: { 'x-one': 'yes' } },
        ),
      ),
    );
    const response = await fromFetch(fetch).request({
      method: 'PATCH',
      url: `${server}/prefix/status?force=true`,
      headers,
      body: '{"a":1}',
    });
    expect(response.status).toBe(409);
    expect(response.header('x-one')).toBe('yes');
    expect(response.header('x-two')).toBeUndefined();
    expect(JSON.parse(response.text)).toEqual({ got: { a: 1 }, who: headers.authorization });
  });

  it('hands over plain values and asks for no redirects', async () => {
    const fetch = vi.fn<FetchLike>(async () => new Response('ok'));
    const signal = new AbortController().signal;
    await fromFetch(fetch, { cf: { cacheTtl: 0 } }).request({ ...get, signal });
    expect(fetch).toHaveBeenCalledWith(get.url, {
      method: 'GET',
      headers,
      redirect: 'manual',
      signal,
      cf: { cacheTtl: 0 },
    });
  });

  it('takes a list of one value, and refuses to join more into one', async () => {
    const fetch = vi.fn<FetchLike>(async () => new Response('ok'));
    await fromFetch(fetch).request({ ...get, headers: { 'impersonate-group': ['viewers'] } });
    expect(fetch.mock.lastCall?.[1].headers).toEqual({ 'impersonate-group': 'viewers' });
    const error = await failureOf(
      fromFetch(fetch).request({ ...get, headers: { 'impersonate-group': ['a', 'b'] } }),
    );
    expect(isConfigurationError(error)).toBe(true);
    expect(error.message).toContain('"impersonate-group" has 2 values');
  });

  it('reads every body, of errors too', async () => {
    const response = new Response('{"kind":"Status"}', { status: 500 });
    await fromFetch(async () => response).request(get);
    expect(response.bodyUsed).toBe(true);
  });

  it('refuses a redirect and names its origin only', async () => {
    network.use(
      http.get(get.url, () => HttpResponse.redirect('https://login.example/private?next=x', 302)),
      http.get('https://login.example/private', () => HttpResponse.text('caught')),
    );
    const error = await failureOf(fromFetch(fetch).request(get));
    expect(error).toMatchObject({
      code: 'protocol',
      message: expect.stringContaining('https://login.example'),
    });
    expect(error.message).not.toContain('private');
  });

  it('refuses the redirect of a browser, which hides status and location', async () => {
    const opaque = { status: 0, type: 'opaqueredirect', headers: new Headers(), text: async () => '' };
    expect((await failureOf(fromFetch(async () => opaque).request(get))).code).toBe('protocol');
  });

  it('says that nobody answered, without the credential that an error quotes', async () => {
    const quoting: FetchLike = async (_, init) => {
      throw new TypeError('fetch failed', { cause: new Error(`sent ${init.headers['authorization']}`) });
    };
    const error = await failureOf(fromFetch(quoting).request(get));
    expect(error).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('fetch failed: sent'),
    });
    for (const text of [error.message, error.stack, error.cause?.message, error.cause?.stack]) {
      expect(text).not.toContain('secret-token');
    }
  });

  it('refuses a header that no fetch can send, before a fetch quotes it', async () => {
    const fetch = vi.fn<FetchLike>();
    const error = await failureOf(
      fromFetch(fetch).request({ ...get, headers: { authorization: 'Bearer one\ntwo' } }),
    );
    expect(isConfigurationError(error)).toBe(true);
    expect(error.message).not.toContain('two');
    expect(fetch).not.toHaveBeenCalled();
  });

  it('rejects with the reason of the signal, even where the fetch does not listen to it', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const request = fromFetch(() => new Promise(() => {})).request({ ...get, signal: abort.signal });
    abort.abort(reason);
    await expect(request).rejects.toBe(reason);
  });

  it('rejects with the reason of the signal in the middle of a body', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const body = new ReadableStream({ start: stream => stream.enqueue(new TextEncoder().encode('half')) });
    const request = fromFetch(async () => new Response(body)).request({ ...get, signal: abort.signal });
    setTimeout(() => abort.abort(reason), 10);
    await expect(request).rejects.toBe(reason);
  });

  it('sends nothing when the signal has fired already', async () => {
    const fetch = vi.fn<FetchLike>();
    const reason = new Error('enough');
    const request = { ...get, signal: AbortSignal.abort(reason) };
    await expect(fromFetch(fetch).request(request)).rejects.toBe(reason);
    expect(fetch).not.toHaveBeenCalled();
  });
});

describe('the fetch transport', () => {
  it('takes the global fetch of the moment', async () => {
    const transport = createTransport();
    vi.stubGlobal('fetch', async () => new Response('stubbed'));
    const response = await transport.request(get);
    vi.unstubAllGlobals();
    expect(response.text).toBe('stubbed');
    await transport.close();
  });

  it.each<[string, TransportOptions]>([
    ['private CA', { tls: { ca: 'PEM' } }],
    ['client certificate', { tls: { cert: 'PEM', key: 'PEM' } }],
    ['another name', { tls: { serverName: 'kubernetes' } }],
    ['skip the check', { tls: { insecureSkipVerify: true } }],
    ['proxy', { proxyUrl: 'http://proxy' }],
  ])('says what to do instead of a %s', (what, options) => {
    expect(() => createTransport(options)).toThrow(what);
    expect(() => createTransport(options)).toThrow(/binding|as the fetch option/);
  });

  it('knows that a timer outlives a request everywhere but in a Worker', async () => {
    expect(lastingTimers).toBe(true);
    vi.stubGlobal('WebSocketPair', class {});
    vi.resetModules();
    const inWorker = await import('../../src/transport/fetch.ts').finally(() => vi.unstubAllGlobals());
    expect(inWorker.lastingTimers).toBe(false);
  });
});
