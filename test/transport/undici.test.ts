import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { isConfigurationError, isStatusReporterError } from '../../src/errors.ts';
import { createTransport } from '../../src/transport/undici.ts';
import type { Transport, TransportOptions, TransportRequest } from '../../src/types.ts';
import { createCa } from '../support/certificates.ts';
import { startProxy, startServer, type TestServer } from './server.ts';

const token = 'eyJhbGciOiJub25lIn0.secret-secret-secret';
const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const resource of open.splice(0).reverse()) await resource[Symbol.asyncDispose]();
});

async function serve(...args: Parameters<typeof startServer>): Promise<TestServer> {
  const server = await startServer(...args);
  open.push(server);
  return server;
}

function transportTo(server: TestServer, options: TransportOptions = {}): Transport {
  const transport = createTransport({ ...options, tls: { ca: server.ca.cert, ...options.tls } });
  open.push({ [Symbol.asyncDispose]: () => transport.close() });
  return transport;
}

function get(server: Pick<TestServer, 'url'>, more: Partial<TransportRequest> = {}): TransportRequest {
  return {
    method: 'GET',
    url: `${server.url}/version`,
    headers: { authorization: `Bearer ${token}` },
    ...more,
  };
}

/** Ends a TLS connection with RST: only the socket beneath can do that. */
function resetTcp(socket: object): void {
  (socket as { _parent: { resetAndDestroy(): void } })._parent.resetAndDestroy();
}

async function failureOf(work: Promise<unknown>): Promise<Error & { code?: string; cause?: Error }> {
  const error = await work.then(() => expect.unreachable('expected a rejection')).catch(reason => reason);
  const everything = [
    error.message,
    error.stack,
    error.cause?.message,
    error.cause?.stack,
    JSON.stringify(error),
  ];
  expect(everything.join('\n')).not.toContain('secret-secret');
  return error;
}

describe('a request', () => {
  it('carries method, path with query, headers and body, and brings back status, headers and text', async () => {
    const server = await serve((_, response) => {
      response.appendHeader('warning', '299 - "a"').appendHeader('warning', '299 - "b"');
      response.writeHead(409, { 'x-one': 'yes' }).end('{"kind":"Status"}');
    });
    const response = await transportTo(server).request({
      method: 'PATCH',
      url: `${server.url}/prefix/status?fieldManager=m&force=true`,
      headers: { 'content-type': 'application/apply-patch+yaml', authorization: `Bearer ${token}` },
      body: '{"a":"ü"}',
    });

    expect(response.status).toBe(409);
    expect(response.header('x-one')).toBe('yes');
    expect(response.header('warning')).toContain('299 - "b"');
    expect(response.header('x-two')).toBeUndefined();
    expect(response.text).toBe('{"kind":"Status"}');
    expect(server.requests[0]).toMatchObject({
      method: 'PATCH',
      url: '/prefix/status?fieldManager=m&force=true',
      body: '{"a":"ü"}',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/apply-patch+yaml' },
    });
  });

  it('sends a list as a header for each value', async () => {
    const server = await serve((request, response) => response.end(JSON.stringify(request.rawHeaders)));
    const headers = { 'impersonate-group': ['system:masters', 'a, b'] };
    const sent = JSON.parse((await transportTo(server).request(get(server, { headers }))).text);
    expect(sent.join(';')).toContain('impersonate-group;system:masters;impersonate-group;a, b');
  });

  it('that holds a header value with a line break is refused without quoting it', async () => {
    const server = await serve();
    const error = await failureOf(
      transportTo(server).request(get(server, { headers: { authorization: `Bearer ${token}\nx` } })),
    );
    expect(isConfigurationError(error)).toBe(true);
    expect(error.message).toContain('"authorization"');
  });
});

describe('connections', () => {
  it('are to the server of the request, whatever others were asked before', async () => {
    const [one, two] = [
      await serve((_, response) => response.end('one')),
      await serve((_, response) => response.end('two')),
    ];
    const transport = transportTo(one, { tls: { insecureSkipVerify: true } });
    const ask = async (url: string) => (await transport.request(get({ url }))).text;
    // Nobody listens at the port that https has by default: a beginning of the next address.
    const withoutPort = `https://${new URL(one.url).hostname}`;
    await failureOf(transport.request(get({ url: withoutPort })));
    expect([await ask(one.url), await ask(two.url), await ask(one.url)]).toStrictEqual(['one', 'two', 'one']);
  });

  it('are kept: ten requests use one socket', async () => {
    const server = await serve((_, response) => response.writeHead(404).end('x'.repeat(200_000)));
    const transport = transportTo(server);
    for (let i = 0; i < 10; i++) await transport.request(get(server));
    expect(server.requests).toHaveLength(10);
    expect(server.sockets).toHaveLength(1);
  });

  it('are never more than `connections`', async () => {
    const server = await serve((_, response) => setTimeout(() => response.end('ok'), 20));
    const transport = transportTo(server, { connections: 2 });
    await Promise.all(Array.from({ length: 8 }, () => transport.request(get(server))));
    expect(server.sockets).toHaveLength(2);
  });

  it('are used again by those who go on together', async () => {
    const server = await serve((_, response) => response.end('ok'));
    const transport = transportTo(server, { connections: 8 });
    for (let round = 0; round < 5; round++) {
      await Promise.all(Array.from({ length: 4 }, () => transport.request(get(server))));
    }
    expect(server.requests).toHaveLength(20);
    expect(server.sockets).toHaveLength(4);
  });

  it('when closed let what is under way finish, and take nothing new', async () => {
    const server = await serve((_, response) => setTimeout(() => response.end('late'), 50));
    const transport = transportTo(server);
    const running = transport.request(get(server));
    await expect.poll(() => server.requests.length).toBe(1);
    await Promise.all([transport.close(), transport.close()]);
    expect((await running).text).toBe('late');
    // Long before the server would close them by itself.
    await expect.poll(() => server.sockets.every(socket => socket.destroyed), { timeout: 3_000 }).toBe(true);
    expect((await failureOf(transport.request(get(server)))).code).toBe('unavailable');
  });
});

describe('a reset', () => {
  it('of a kept connection, before any answer, is tried once more on another', async () => {
    const server = await serve((request, response) => {
      if (server.requests.length === 2) request.socket.destroy();
      else response.end(`answer ${server.requests.length}`);
    });
    const transport = transportTo(server);
    await transport.request(get(server));
    const second = await transport.request(get(server, { method: 'PATCH', body: '{}' }));
    expect(second.text).toBe('answer 3');
    expect(server.sockets).toHaveLength(2);
  });

  it('with RST of a kept connection is tried once more as well', async () => {
    const server = await serve((request, response) => {
      if (server.requests.length === 2) resetTcp(request.socket);
      else response.end('ok');
    });
    const transport = transportTo(server);
    await transport.request(get(server));
    expect((await transport.request(get(server))).status).toBe(200);
  });

  it('is tried once more only once', async () => {
    const server = await serve((request, response) => {
      if (server.requests.length === 1) response.end('ok');
      else request.socket.destroy();
    });
    const transport = transportTo(server);
    await transport.request(get(server));
    expect((await failureOf(transport.request(get(server)))).code).toBe('unavailable');
    expect(server.requests).toHaveLength(3);
  });

  it('of a new connection is not tried again', async () => {
    const server = await serve(request => request.socket.destroy());
    expect((await failureOf(transportTo(server).request(get(server)))).code).toBe('unavailable');
    expect(server.requests).toHaveLength(1);
  });

  it('of a POST is not tried again', async () => {
    const server = await serve((request, response) => {
      if (request.method === 'POST') request.socket.destroy();
      else response.end('ok');
    });
    const transport = transportTo(server);
    await transport.request(get(server));
    expect((await failureOf(transport.request(get(server, { method: 'POST', body: '{}' })))).code).toBe(
      'unavailable',
    );
    expect(server.requests).toHaveLength(2);
  });

  it('in the middle of a body is not tried again', async () => {
    const server = await serve((request, response) => {
      if (server.requests.length === 1) return response.end('ok');
      response.writeHead(200, { 'content-length': 100 }).write('half');
      setTimeout(() => request.socket.destroy(), 20);
    });
    const transport = transportTo(server);
    await transport.request(get(server));
    expect((await failureOf(transport.request(get(server)))).code).toBe('unavailable');
    expect(server.requests).toHaveLength(2);
  });
});

describe('an abort', () => {
  const reason = new Error('enough');

  it('before the request sends nothing', async () => {
    const server = await serve();
    await expect(
      transportTo(server).request(get(server, { signal: AbortSignal.abort(reason) })),
    ).rejects.toBe(reason);
    expect(server.requests).toHaveLength(0);
  });

  it('while the connection is being made rejects at once', async () => {
    const silent = createServer(() => {});
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const abort = new AbortController();
    const transport = createTransport();
    const request = transport.request(get({ url: `https://127.0.0.1:${port}` }, { signal: abort.signal }));
    setTimeout(() => abort.abort(reason), 50);
    const before = performance.now();
    await expect(request).rejects.toBe(reason);
    // The attempt to connect would be given up after ten seconds.
    expect(performance.now() - before).toBeLessThan(9_000);
    silent.close();
  });

  it('while waiting for the answer rejects with its reason', async () => {
    const server = await serve(() => {});
    const abort = new AbortController();
    const request = transportTo(server).request(get(server, { signal: abort.signal }));
    request.catch(() => {});
    await expect.poll(() => server.requests.length).toBe(1);
    abort.abort(reason);
    await expect(request).rejects.toBe(reason);
  });

  it('in the middle of a body rejects with its reason, and the next request works', async () => {
    const server = await serve((_, response) => {
      if (server.requests.length === 1) response.writeHead(200, { 'content-length': 100 }).write('half');
      else response.end('ok');
    });
    const abort = new AbortController();
    const transport = transportTo(server);
    const request = transport.request(get(server, { signal: abort.signal }));
    request.catch(() => {});
    await expect.poll(() => server.requests.length).toBe(1);
    await sleep(30);
    abort.abort(reason);
    await expect(request).rejects.toBe(reason);
    expect((await transport.request(get(server))).status).toBe(200);
  });
});

describe('a redirect', () => {
  it('is refused, and named by its origin only', async () => {
    const other = await serve();
    const server = await serve((_, response) => {
      response.writeHead(307, { location: `${other.url}/login?next=private` }).end('moved');
    });
    const error = await failureOf(transportTo(server).request(get(server)));
    expect(error.code).toBe('protocol');
    expect(error.message).toContain(other.url);
    expect(error.message).not.toContain('private');
    expect(other.requests).toHaveLength(0);
  });
});

describe('TLS', () => {
  it('refuses a server that another CA signed, and says what to set', async () => {
    const server = await serve();
    const stranger = await createCa('stranger');
    const error = await failureOf(transportTo(server, { tls: { ca: stranger.cert } }).request(get(server)));
    expect(error).toMatchObject({ code: 'tls', message: expect.stringContaining('tls.ca') });
    expect(server.requests).toHaveLength(0);
  });

  it('refuses a private CA that it was not told of', async () => {
    const server = await serve();
    const error = await failureOf(createTransport().request(get(server)));
    expect(error.code).toBe('tls');
  });

  it('refuses a certificate for another name, and takes it with `serverName`', async () => {
    const server = await serve(undefined, { names: { dns: ['kubernetes.default.svc'], ips: [] } });
    const error = await failureOf(transportTo(server).request(get(server)));
    expect(error).toMatchObject({ code: 'tls', message: expect.stringContaining('tls.serverName') });

    const named = transportTo(server, { tls: { serverName: 'kubernetes.default.svc' } });
    expect((await named.request(get(server))).status).toBe(200);
    expect((server.sockets.at(-1) as never as { servername: string }).servername).toBe(
      'kubernetes.default.svc',
    );
  });

  it('refuses a `serverName` that is not on the certificate although the host is', async () => {
    const server = await serve();
    const error = await failureOf(
      transportTo(server, { tls: { serverName: 'other.example' } }).request(get(server)),
    );
    expect(error.code).toBe('tls');
  });

  it('refuses an expired certificate', async () => {
    const ca = await createCa();
    const certificate = await ca.issue({
      commonName: 'old',
      dns: ['localhost'],
      usage: 'server',
      notAfter: new Date(Date.now() - 1000),
    });
    const server = await serve(undefined, { ca, certificate });
    const error = await failureOf(transportTo(server).request(get(server)));
    expect(error).toMatchObject({ code: 'tls', message: expect.stringContaining('expired') });
  });

  it('reaches a server by its IP address', async () => {
    const server = await serve();
    const request = get({ url: `https://127.0.0.1:${server.port}` });
    expect((await transportTo(server).request(request)).status).toBe(200);
  });

  it('skips the check where told so', async () => {
    const server = await serve();
    const transport = createTransport({ tls: { insecureSkipVerify: true } });
    expect((await transport.request(get(server))).status).toBe(200);
    await transport.close();
  });

  it('presents a client certificate, and fails where one is wanted and missing', async () => {
    const ca = await createCa();
    const server = await serve(undefined, {
      ca,
      tls: { ca: ca.cert, requestCert: true, rejectUnauthorized: true },
    });
    const client = await ca.issue({ commonName: 'system:node:a', usage: 'client' });
    expect((await transportTo(server, { tls: client }).request(get(server))).status).toBe(200);

    const error = await failureOf(transportTo(server).request(get(server)));
    // Node's own server hangs up without an alert, where Go's sends one.
    expect(error.code).toBe('unavailable');
  });

  it('says which option holds what is no PEM text, without quoting it', async () => {
    const server = await serve();
    const error = await failureOf(
      transportTo(server, { tls: { ca: '', cert: 'x', key: 'hush' } }).request(get(server)),
    );
    expect(isConfigurationError(error)).toBe(true);
    expect(error.message).toContain('tls.cert');
    expect(error.message).not.toContain('hush');
  });

  it('says so where the port speaks plain HTTP', async () => {
    const proxy = await startProxy();
    open.push(proxy);
    const error = await failureOf(
      createTransport().request(get({ url: proxy.url.replace('http:', 'https:') })),
    );
    expect(error).toMatchObject({ code: 'tls', message: expect.stringContaining('does not speak TLS') });
  });
});

describe('a proxy', () => {
  it('is used with CONNECT, with connections kept', async () => {
    const server = await serve();
    const proxy = await startProxy();
    open.push(proxy);
    const transport = transportTo(server, { proxyUrl: proxy.url.replace('//', '//me:pass@') });
    for (let i = 0; i < 3; i++) expect((await transport.request(get(server))).status).toBe(200);
    expect(proxy.tunnels).toEqual([`localhost:${server.port}`]);
    expect(proxy.authorizations).toEqual([`Basic ${btoa('me:pass')}`]);
    expect(server.sockets).toHaveLength(1);
  });

  it('does not weaken the check of the server', async () => {
    const server = await serve(undefined, { names: { dns: ['kubernetes'], ips: [] } });
    const proxy = await startProxy();
    open.push(proxy);
    const wrong = await failureOf(transportTo(server, { proxyUrl: proxy.url }).request(get(server)));
    expect(wrong.code).toBe('tls');
    const named = transportTo(server, { proxyUrl: proxy.url, tls: { serverName: 'kubernetes' } });
    expect((await named.request(get(server))).status).toBe(200);
  });

  it('does not hide a reset of a kept connection', async () => {
    const server = await serve((request, response) => {
      if (server.requests.length === 2) request.socket.destroy();
      else response.end('ok');
    });
    const proxy = await startProxy();
    open.push(proxy);
    const transport = transportTo(server, { proxyUrl: proxy.url });
    await transport.request(get(server));
    expect((await transport.request(get(server))).status).toBe(200);
  });

  it('that is not there is unavailable', async () => {
    const server = await serve();
    const proxy = await startProxy();
    await proxy[Symbol.asyncDispose]();
    const error = await failureOf(transportTo(server, { proxyUrl: proxy.url }).request(get(server)));
    expect(error.code).toBe('unavailable');
  });
});

describe('no server', () => {
  it('is unavailable, named by its origin', async () => {
    const server = await serve();
    await server[Symbol.asyncDispose]();
    const error = await failureOf(createTransport().request(get(server)));
    expect(isStatusReporterError(error, 'unavailable')).toBe(true);
    expect(error.message).toContain(server.url);
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('with a name that does not resolve is unavailable', async () => {
    const error = await failureOf(createTransport().request(get({ url: 'https://nowhere.invalid' })));
    expect(error.code).toBe('unavailable');
  });
});
