import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { getRequestListener } from '@hono/node-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createFakeApiServer } from '../../src/testing/index.ts';
import { sendRaw } from '../http/attacks-wire.ts';
import { listeningService, programs, type RuntimeName, startService } from './service.ts';

const shell = promisify(execFile);

/** Pastes a command into a shell. */
const paste = async (command: string) => JSON.parse((await shell('sh', ['-c', command])).stdout);

const path = '/v1/namespaces/default/virtualmcpservers/demo/status';
const report = (url: string, status: object) =>
  fetch(url + path, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(status),
  });

/** The fake API server on a socket; `hold` keeps every answer back. */
async function clusterOf(hold: () => Promise<void> = async () => {}) {
  const api = createFakeApiServer({ objects: [{ namespace: 'default', name: 'demo' }] });
  const listener = getRequestListener(async request => {
    await hold();
    return api.app.fetch(request);
  });
  const server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  return { api, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe.each(Object.keys(programs) as RuntimeName[])('the service on %s', runtime => {
  it('starts on a bare machine, and the commands that it prints work', async () => {
    await using service = await listeningService({ runtime });
    expect(service.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(service.output()).toContain('embedded fake API server');

    const [put, get] = service.commands;
    expect(await paste(put!)).toMatchObject({ outcome: 'applied' });
    expect(await paste(get!)).toMatchObject({
      kind: 'VirtualMCPServer',
      metadata: { name: 'demo', namespace: 'default' },
      status: {
        phase: 'Degraded',
        backendCount: 1,
        discoveredBackends: [{ name: 'github' }, { name: 'jira' }],
      },
    });
    expect(await paste(put!)).toMatchObject({ outcome: 'unchanged' });
    expect(await (await fetch(service.url + path)).json()).toMatchObject({
      name: 'demo',
      status: { phase: 'Degraded' },
    });
  });

  it('answers faults with problem details', async () => {
    await using service = await listeningService({ runtime });
    const answer = await report(service.url, { phase: 'Up' });
    expect([answer.status, answer.headers.get('content-type')]).toStrictEqual([
      422,
      'application/problem+json',
    ]);
    expect((await report(service.url, { phase: 'Ready', message: 'x'.repeat(2 ** 20) })).status).toBe(413);
    expect((await fetch(`${service.url}/v1/namespaces/..%2fx/virtualmcpservers/demo/status`)).status).toBe(
      400,
    );
    expect(await (await fetch(`${service.url}/healthz`)).text()).toBe('ok');
  });

  it('answers nobody who came by another name, as a page would whose name leads here', async () => {
    await using service = await listeningService({ runtime });
    const { port } = new URL(service.url);
    const headers: [string, string][] = [['host', `rebound.example:${port}`]];
    const target = '/v1/virtualmcpservers';
    const answer = await sendRaw(service.url, { method: 'GET', target, headers });
    expect(answer).toMatchObject({ status: 403, text: expect.stringContaining('"code":"forbidden"') });
    const own: [string, string][] = [['host', `localhost:${port}`]];
    expect(await sendRaw(service.url, { method: 'GET', target, headers: own })).toMatchObject({
      status: 200,
    });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('answers what is under way and ends well on %s', async signal => {
    let release = () => {};
    let arrived = () => {};
    const held = new Promise<void>(resolve => (release = resolve));
    const waiting = new Promise<void>(resolve => (arrived = resolve));
    const { api, url } = await clusterOf(() => {
      arrived();
      return held;
    });
    await using service = await listeningService({ runtime, env: { VMCP_KUBERNETES_SERVER: url } });
    expect(service.output()).toContain(`Reports go to ${url}`);

    const answer = report(service.url, { phase: 'Ready' });
    await waiting;
    service.signal(signal);
    await service.seen(/Stopping/);
    service.signal(signal);
    const another = () =>
      fetch(`${service.url}/healthz`).then(
        () => 'taken',
        () => 'refused',
      );
    await expect.poll(another, { timeout: 3_000 }).toBe('refused');
    release();
    expect(await (await answer).json()).toMatchObject({ outcome: 'applied' });
    expect(await service.ended).toMatchObject({ code: 0 });
    expect(api.get('default', 'demo')?.status).toMatchObject({ phase: 'Ready' });
  });
});

describe('the service under npm', () => {
  it('ends when the shell between them is gone, which passes no signal on', async () => {
    await using service = await listeningService({ shell: true, env: { npm_lifecycle_event: 'start' } });
    service.signal('SIGTERM');
    await service.seen(/Stopping/);
    await service.ended;
    await expect(fetch(`${service.url}/healthz`)).rejects.toThrow();
  });
});

describe('the service does not start', () => {
  /** What it says, having ended with the exit code of a wrong command line or configuration. */
  const refusal = async (options: Parameters<typeof startService>[0]) => {
    await using service = await startService(options);
    expect(await service.ended).toMatchObject({ code: 2 });
    return service.errors();
  };

  it.each(Object.keys(programs) as RuntimeName[])('on a port that is in use, on %s', async runtime => {
    const { url } = await clusterOf();
    const { port } = new URL(url);
    const said = await refusal({ runtime, args: ['--port', port] });
    expect(said).toBe(
      `error: Port ${port} of 127.0.0.1 is in use. Stop what uses it, or choose another with --port or PORT.\n`,
    );
  });

  it('on an address that others can reach, where nobody is asked who they are', async () => {
    expect(await refusal({ args: ['--host', '0.0.0.0'] })).toContain('nobody is asked who they are');
    expect(await refusal({ env: { HOST: '192.168.1.1' }, args: [] })).toMatch(
      /^error: HOST: expected a loopback address/,
    );
  });

  it('with options that it does not know', async () => {
    expect(await refusal({ args: ['--prot', '1'] })).toContain("'--prot'");
  });

  it('with a kubeconfig that is not there', async () => {
    expect(await refusal({ env: { KUBECONFIG: '/nowhere/config' } })).toContain('/nowhere/config');
  });

  it('with a context where there is no kubeconfig', async () => {
    expect(await refusal({ args: ['--context', 'prod', '--port', '0'] })).toMatch(
      /kubeconfig in .*\.kube\/config/,
    );
  });
});

describe('the cluster', () => {
  const kubeconfig = (server: string) =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server } }],
      users: [{ name: 'u', user: { token: 'secret-token' } }],
      contexts: [{ name: 'prod', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'prod',
    });

  async function folder() {
    const path = await mkdtemp(join(tmpdir(), 'vmcp-kubeconfig-'));
    onTestFinished(() => rm(path, { recursive: true, force: true }));
    return path;
  }

  it('is that of KUBECONFIG; the token is not printed', async () => {
    const { api, url } = await clusterOf();
    const file = join(await folder(), 'config');
    await writeFile(file, kubeconfig(url));
    await using service = await listeningService({ env: { KUBECONFIG: file } });
    expect(service.output()).toContain(`Reports go to ${url}`);
    expect(await paste(service.commands[0]!)).toMatchObject({ outcome: 'applied' });
    expect(await paste(service.commands[1]!)).toMatchObject({ status: { phase: 'Degraded' } });
    expect(api.get('default', 'demo')?.status).toMatchObject({ phase: 'Degraded' });
    expect(service.output() + service.errors()).not.toContain('secret-token');
  });

  it('is not the one in the home directory, unless a context is named', async () => {
    const { url } = await clusterOf();
    const home = await folder();
    await mkdir(join(home, '.kube'));
    await writeFile(join(home, '.kube', 'config'), kubeconfig(url));
    await using unasked = await listeningService({ home });
    expect(unasked.output()).not.toContain(url);
    await using asked = await listeningService({ home, args: ['--port', '0', '--context', 'prod'] });
    expect(asked.output()).toContain(`Reports go to ${url}`);
  });
});

describe('a path as it stands in the request line', () => {
  it('is refused on Node where a URL parser would change it', async () => {
    await using service = await listeningService();
    for (const raw of [
      '/v1/x/../namespaces/default/virtualmcpservers/demo/status',
      '/v1/./namespaces/default/virtualmcpservers/demo/status',
      '/v1/namespaces/default/virtualmcpservers/%2e%2e/demo/status',
      '/v1/namespaces/default\\virtualmcpservers/demo/status',
      '/v1/namespaces/default/virtualmcpservers/demo%00/status',
    ]) {
      const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
      socket.end(`GET ${raw} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
      let answer = '';
      for await (const part of socket) answer += part;
      expect(answer, raw).toMatch(/^HTTP\/1\.1 400 /);
    }
  });
});
