import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fastest } from '../support/fastest.ts';
import { listeningService, programs, type RuntimeName, startService } from './service.ts';

const path = '/v1/namespaces/default/virtualmcpservers/demo/status';

async function file(name: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vmcp-serve-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

const read = (url: string, token?: string) =>
  fetch(url + path, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });

const entry = (name: string, token: string) => ({ name, token, targets: ['default/*'] });

describe('serve with --auth token', () => {
  it('listens on any address, and knows its callers from a file', async () => {
    const tokens = await file('tokens.json', JSON.stringify([entry('old', 'the-old-secret-of-a-gateway')]));
    await using service = await listeningService({
      args: ['--port', '0', '--host', '0.0.0.0', '--auth', 'token', '--tokens-file', tokens],
    });
    const url = service.url.replace('0.0.0.0', '127.0.0.1');
    expect((await read(url)).status).toBe(401);
    expect((await read(url, 'a-secret-of-nobody-at-all')).status).toBe(401);
    expect((await read(url, 'the-old-secret-of-a-gateway')).status).toBe(200);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(service.output() + service.errors()).not.toMatch(/secret-of/);
  });

  it('knows them from the environment', async () => {
    const VMCP_STATUS_TOKENS = JSON.stringify([entry('edge', 'the-secret-of-the-edge')]);
    await using service = await listeningService({
      args: ['--port', '0', '--auth', 'token'],
      env: { VMCP_STATUS_TOKENS },
    });
    expect((await read(service.url)).status).toBe(401);
    expect((await read(service.url, 'the-secret-of-the-edge')).status).toBe(200);
    // The command that it prints asks for the token, and does not have it.
    const [put = ''] = service.commands;
    expect(put).toContain('"authorization: Bearer $TOKEN"');
    const env = { ...process.env, TOKEN: 'the-secret-of-the-edge' };
    const { stdout } = await promisify(execFile)('sh', ['-c', put], { env });
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'applied' });
  });
});

describe('serve does not start', () => {
  it.each([
    [['--auth', 'none'], /Allowed choices are jwt, review, passthrough, token/],
    [['--auth', 'token'], /expected --tokens-file or VMCP_STATUS_TOKENS, found neither/],
    [['--auth', 'token', '--tokens-file', '/nowhere/t.json'], /cannot read \/nowhere\/t.json \(ENOENT\)/],
    [['--audience', 'x'], /--audience: expected --auth jwt or review beside it, found none/],
    [['--auth', 'review', '--issuer', 'https://id.example.com'], /--issuer: expected --auth jwt/],
    [['--auth', 'jwt', '--tokens-file', 'x'], /--tokens-file: expected --auth token/],
    [['--auth', 'jwt', '--jwks', 'https://id.example.com/keys'], /expected an issuer beside the jwks/],
    [['--auth', 'jwt', '--rules', '/nowhere/rules.yaml'], /--rules: cannot read \/nowhere\/rules.yaml/],
  ])('with %j', async (args, message) => {
    await using service = await startService({ args: ['--port', '0', ...args] });
    expect(await service.ended).toMatchObject({ code: 2 });
    expect(service.errors()).toMatch(message);
  });

  it('with tokens that are none; it does not say what they are', async () => {
    const tokens = await file('tokens.json', '[{"name":"edge","token":"the-secret-of-the-edge"}]');
    await using service = await startService({ args: ['--auth', 'token', '--tokens-file', tokens] });
    expect(await service.ended).toMatchObject({ code: 2 });
    expect(service.errors()).toMatch(/targets: expected/);
    expect(service.errors()).not.toContain('the-secret');
  });
});

describe.each(Object.keys(programs) as RuntimeName[])('serve on %s', runtime => {
  it('shows the built-in gateway, live', async () => {
    await using service = await listeningService({ runtime });
    const page = await (await fetch(service.url, { headers: { accept: 'text/html' } })).text();
    expect(page).toContain('demo-gateway');
    const stop = new AbortController();
    const events = await fetch(`${service.url}/v1/events`, { signal: stop.signal });
    let text = '';
    for await (const bytes of events.body!) {
      text += new TextDecoder().decode(bytes);
      if (/"name":"demo-gateway".*"outcome":"applied"/.test(text)) break;
    }
    stop.abort();
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toMatch(/vmcp_status_reporter_reports_total\{outcome="applied"\} [1-9]/);
    expect(metrics).toMatch(/vmcp_status_reporter_api_requests_total\{verb="patch",code="200"\} [1-9]/);
  });

  it('ends event streams, so that they do not hold up its end', async () => {
    const end = async () => {
      await using service = await listeningService({ runtime });
      const { body } = await fetch(`${service.url}/v1/events`);
      const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
      let text: string | undefined = '';
      while (text !== undefined && !text.includes('data:')) text = (await reader.read()).value;
      const before = performance.now();
      service.signal('SIGTERM');
      // Fails where the stream is cut off instead.
      while (!(await reader.read()).done);
      expect(await service.ended).toMatchObject({ code: 0 });
      return performance.now() - before;
    };
    // The requests under way would be given 4 s.
    expect(await fastest(3_000, end, 5)).toBeLessThan(3_000);
  });
});

describe('serve', () => {
  it('does without the built-in gateway where it is told to', async () => {
    await using service = await listeningService({ args: ['--port', '0', '--no-demo'] });
    expect(await (await fetch(`${service.url}/v1/virtualmcpservers`)).text()).not.toContain('demo-gateway');
  });

  it('tells when its token expires', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    await using service = await listeningService({
      env: {
        VMCP_KUBERNETES_SERVER: 'https://api.test.invalid',
        VMCP_KUBERNETES_TOKEN: `${part({ alg: 'none' })}.${part({ exp: 4_000_000_000 })}.`,
      },
    });
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toContain('\nvmcp_status_reporter_token_expiry_timestamp_seconds 4000000000\n');
  });

  it('logs requests as JSON, a line for each, and no more than it is told to', async () => {
    const logged = async (...args: string[]) => {
      await using service = await listeningService({ args: ['--port', '0', '--no-demo', ...args] });
      await fetch(service.url + path);
      service.signal('SIGTERM');
      await service.ended;
      return service.errors();
    };
    const [line = '', ...rest] = (await logged()).trimEnd().split('\n');
    expect(JSON.parse(line)).toMatchObject({ level: 'info', method: 'GET', path, status: 200 });
    expect(rest).toStrictEqual([]);
    expect(await logged('--log-level', 'error')).toBe('');
  });

  it('sends no more requests than it is told to', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise(resolve => silent.once('listening', resolve));
    onTestFinished(() => void silent.close().closeAllConnections());
    const server = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    await using service = await listeningService({
      args: ['--port', '0', '--requests-per-second', '1'],
      env: { VMCP_KUBERNETES_SERVER: server },
    });
    const stop = new AbortController();
    for (let index = 0; index < 12; index++)
      fetch(service.url + path, { signal: stop.signal }).catch(() => {});
    // Two may begin at once, and by default a hundred.
    const queued = async () => (await fetch(`${service.url}/metrics`)).text();
    while (!/_api_requests_queued [1-9]/.test(await queued())) await new Promise(setImmediate);
    stop.abort();
  });

  it('keeps as many resources as it is told to', async () => {
    await using service = await listeningService({
      args: ['--port', '0', '--no-demo', '--resources', '2'],
    });
    for (const name of ['a', 'b', 'c']) {
      await fetch(`${service.url}/v1/namespaces/default/virtualmcpservers/${name}/status`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ phase: 'Ready' }),
      });
    }
    const text = await (await fetch(`${service.url}/v1/virtualmcpservers`)).text();
    expect([...text.matchAll(/"name":"(\w)"/g)].map(([, name]) => name)).toEqual(['b', 'c']);
  });

  it('is not ready, and says why, while its API server is away', async () => {
    const away = createServer((_, response) => response.writeHead(503).end()).listen(0, '127.0.0.1');
    await new Promise(resolve => away.once('listening', resolve));
    onTestFinished(() => void away.close().closeAllConnections());
    const server = `http://127.0.0.1:${(away.address() as AddressInfo).port}`;
    await using service = await listeningService({ env: { VMCP_KUBERNETES_SERVER: server } });
    const answer = await fetch(`${service.url}/readyz?verbose`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toMatch(/\[-\]api-server failed/);
    expect((await fetch(`${service.url}/livez`)).status).toBe(200);
  });
});

describe.concurrent.each(Object.keys(programs) as RuntimeName[])('the end of serve on %s', runtime => {
  it('comes within its deadline where the API server keeps it waiting: it gives up, and says so', async ({
    expect,
    onTestFinished,
  }) => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise(resolve => silent.once('listening', resolve));
    onTestFinished(() => void silent.close().closeAllConnections());
    const server = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    await using service = await listeningService({ runtime, env: { VMCP_KUBERNETES_SERVER: server } });
    const asked = new Promise<void>(resolve => silent.once('request', () => resolve()));
    const report = fetch(service.url + path, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{"phase":"Ready"}',
    });
    await asked;
    service.signal('SIGTERM');
    expect((await report).status).toBe(503);
    // After its deadline it would end with 1.
    expect(await service.ended).toMatchObject({ code: 0 });
    expect(service.errors()).toMatch(/"level":"error".*could not be delivered/);
  });
});
