import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { host as machine } from '../../../src/credentials/host/node.ts';
import { host as noHost } from '../../../src/credentials/host/none.ts';
import { kubeconfigCredentials } from '../../../src/credentials/kubeconfig/credentials.ts';
import type { Cluster, ExecPlugin, User } from '../../../src/credentials/kubeconfig/types.ts';
import { isConfigurationError } from '../../../src/errors.ts';
import { Failed, fakeClock, jwt, memoryHost, type Program } from '../memory-host.ts';

const server = 'https://api.example:6443';
const v1 = 'client.authentication.k8s.io/v1';
const plugin: ExecPlugin = { apiVersion: v1, command: 'login', interactiveMode: 'Never' };

const answer = (status: object, apiVersion = v1) => ({ kind: 'ExecCredential', apiVersion, status });

function config(exec: ExecPlugin, user: User = {}, cluster: Cluster = { server }): string {
  return JSON.stringify({
    'current-context': 'main',
    clusters: [{ name: 'main', cluster }],
    contexts: [{ name: 'main', context: { cluster: 'main', user: 'me' } }],
    users: [{ name: 'me', user: { ...user, exec } }],
  });
}

function login(program: Program, exec: ExecPlugin = plugin, user: User = {}, cluster: Cluster = { server }) {
  const host = memoryHost({}, { login: program });
  const clock = fakeClock();
  const content = config(exec, user, cluster);
  return { host, clock, credentials: kubeconfigCredentials({ content, host, now: clock.now }) };
}

async function faultOf(work: Promise<unknown>): Promise<Error> {
  const error = await work.then(() => expect.unreachable('expected a rejection')).catch(reason => reason);
  expect(isConfigurationError(error)).toBe(true);
  expect(`${error.message}${error.cause?.message}`).not.toContain('hush');
  return error;
}

describe('an exec plugin', () => {
  it('gives a token', async () => {
    const { credentials, host } = login(() => answer({ token: 'secret\n' }), {
      ...plugin,
      args: ['get', '--all'],
    });
    expect(await credentials.access()).toEqual({ server, token: 'secret' });
    expect(host.runs).toEqual(['login get --all']);
  });

  it('gives a client certificate', async () => {
    const { credentials } = login(() => answer({ clientCertificateData: 'CERT', clientKeyData: 'KEY' }));
    expect(await credentials.access()).toEqual({ server, tls: { cert: 'CERT', key: 'KEY' } });
  });

  it.each([v1, 'client.authentication.k8s.io/v1beta1'])(
    'is told the version %s and that nobody answers',
    async apiVersion => {
      let told: unknown;
      const program: Program = (_, env) => {
        told = { ...env, KUBERNETES_EXEC_INFO: JSON.parse(env['KUBERNETES_EXEC_INFO'] ?? '') };
        return answer({ token: 'secret' }, apiVersion);
      };
      const { credentials } = login(program, {
        ...plugin,
        apiVersion,
        env: [{ name: 'REGION', value: 'eu' }],
      });
      await credentials.access();
      expect(told).toEqual({
        REGION: 'eu',
        KUBERNETES_EXEC_INFO: { apiVersion, kind: 'ExecCredential', spec: { interactive: false } },
      });
    },
  );

  it('is told of the cluster where it asks for that, with data instead of paths', async () => {
    let info: { spec: { cluster: unknown } } | undefined;
    const program: Program = (_, env) => {
      info = JSON.parse(env['KUBERNETES_EXEC_INFO'] ?? '');
      return answer({ token: 'secret' });
    };
    const { credentials, host } = login(
      program,
      { ...plugin, provideClusterInfo: true },
      {},
      {
        server: `${server}/prefix`,
        'certificate-authority': '/ca.crt',
        'tls-server-name': 'kubernetes',
        'proxy-url': 'http://proxy',
        extensions: [
          { name: 'other', extension: 1 },
          { name: 'client.authentication.k8s.io/exec', extension: { audience: 'me' } },
        ],
      },
    );
    host.files.set('/ca.crt', 'CA');
    await credentials.access();
    expect(info?.spec.cluster).toEqual({
      server: `${server}/prefix`,
      'tls-server-name': 'kubernetes',
      'certificate-authority-data': Buffer.from('CA\n').toString('base64'),
      'proxy-url': 'http://proxy',
      config: { audience: 'me' },
    });
  });

  it('is not run where the file has a token already', async () => {
    const { credentials, host } = login(() => answer({ token: 'other' }), plugin, { token: 'constant' });
    expect((await credentials.access()).token).toBe('constant');
    expect(host.runs).toEqual([]);
  });

  it('goes together with impersonation and a client certificate of the file', async () => {
    const data = { 'client-certificate-data': 'Q0VSVA==', 'client-key-data': 'S0VZ' };
    const { credentials } = login(() => answer({ token: 'secret' }), plugin, { as: 'jane', ...data });
    expect(await credentials.access()).toEqual({
      server,
      token: 'secret',
      headers: { 'impersonate-user': 'jane' },
      tls: { cert: 'CERT', key: 'KEY' },
    });
  });

  it('that is given by a relative path stands beside the kubeconfig; a bare name is looked up', async () => {
    for (const [command, expected] of [
      ['./bin/login', '/etc/kube/bin/login'],
      ['bin/login', '/etc/kube/bin/login'],
      ['/opt/login', '/opt/login'],
      ['login', 'login'],
    ] as const) {
      const host = memoryHost(
        { '/etc/kube/config': config({ ...plugin, command }) },
        { [expected]: () => answer({ token: 'secret' }) },
      );
      await kubeconfigCredentials({ paths: '/etc/kube/config', host }).access();
      expect(host.runs).toEqual([expected]);
    }
  });
});

describe('what a plugin gave', () => {
  it('serves until four fifths of its lifetime are over', async () => {
    const expiring: Program = () =>
      answer({
        token: `token-${host.runs.length}`,
        expirationTimestamp: new Date(clock.now() + 900_000).toISOString(),
      });
    const { credentials, host, clock } = login((...call) => expiring(...call));
    const first = await credentials.access();
    for (let minute = 1; minute < 12; minute++) {
      clock.advance(60_000);
      expect(await credentials.access()).toBe(first);
    }
    expect(host.runs).toHaveLength(1);
    clock.advance(60_000);
    expect((await credentials.access()).token).toBe('token-2');
  });

  it('serves as long as its JWT does, where it states nothing else', async () => {
    const { credentials, host, clock } = login(() => answer({ token: jwt(clock.now() + 900_000) }));
    await credentials.access();
    clock.advance(719_000);
    await credentials.access();
    expect(host.runs).toHaveLength(1);
    clock.advance(1_000);
    await credentials.access();
    expect(host.runs).toHaveLength(2);
  });

  it('serves until it is refused, where nothing tells its lifetime', async () => {
    const { credentials, host, clock } = login(() => answer({ token: `token-${host.runs.length}` }));
    await credentials.access();
    clock.advance(86_400_000);
    expect((await credentials.access()).token).toBe('token-1');
    expect((await credentials.access({ refresh: true })).token).toBe('token-2');
    expect(host.runs).toHaveLength(2);
  });

  it('that has expired already is asked for again once a second at most', async () => {
    const expirationTimestamp = new Date(0).toISOString();
    const { credentials, host, clock } = login(() => answer({ token: 'secret', expirationTimestamp }));
    await credentials.access();
    clock.advance(999);
    await credentials.access();
    expect(host.runs).toHaveLength(1);
    clock.advance(1);
    await credentials.access();
    expect(host.runs).toHaveLength(2);
  });

  it('is asked for once where several requests were refused together', async () => {
    const { credentials, host, clock } = login(() => answer({ token: `token-${host.runs.length}` }));
    await credentials.access();
    clock.advance(2_000);
    await Promise.all(Array.from({ length: 5 }, () => credentials.access({ refresh: true })));
    clock.advance(999);
    expect((await credentials.access({ refresh: true })).token).toBe('token-2');
    expect(host.runs).toHaveLength(2);
    clock.advance(1);
    expect((await credentials.access({ refresh: true })).token).toBe('token-3');
  });

  it('serves while the plugin fails, until it expires', async () => {
    let fails = false;
    const { credentials, clock } = login(() =>
      fails
        ? new Failed(1)
        : answer({ token: 'secret', expirationTimestamp: new Date(clock.now() + 100_000).toISOString() }),
    );
    const first = await credentials.access();
    fails = true;
    clock.advance(90_000);
    expect(await credentials.access()).toBe(first);
    clock.advance(10_000);
    await faultOf(credentials.access());
  });
});

describe('a plugin that does not work', () => {
  it.each<[string, Program, Partial<ExecPlugin>, string]>([
    [
      'is not installed',
      () => {},
      { command: 'missing', installHint: 'brew install missing' },
      'brew install missing',
    ],
    ['fails', () => new Failed(3, 'not logged in'), {}, 'exit code 3: not logged in'],
    ['fails and says nothing', () => new Failed(1), {}, 'it said nothing'],
    ['complains with a token', () => new Failed(1, `bad token ${'hush'.repeat(9)}`), {}, 'bad token […]'],
    ['prints no JSON', () => 'hush', {}, 'Expected JSON'],
    ['prints null', () => 'null', {}, 'Expected an ExecCredential'],
    [
      'prints another version',
      () => answer({ token: 'hush' }, 'client.authentication.k8s.io/v1beta1'),
      {},
      'update',
    ],
    [
      'prints another kind',
      () => ({ apiVersion: v1, kind: 'Hush', status: { token: 'hush' } }),
      {},
      'ExecCredential',
    ],
    ['prints no credential', () => answer({}), {}, 'Expected a token, or a client certificate'],
    ['prints no status', () => ({ apiVersion: v1, kind: 'ExecCredential' }), {}, 'Expected a token'],
    [
      'prints a certificate alone',
      () => answer({ token: 't', clientCertificateData: 'hush' }),
      {},
      'found one of them',
    ],
    ['prints no time', () => answer({ token: 't', expirationTimestamp: 'hush' }), {}, 'RFC 3339'],
    ['prints no token', () => answer({ token: 'hush hush' }), {}, 'Expected a bearer token'],
    ['has an old version', () => {}, { apiVersion: 'client.authentication.k8s.io/v1alpha1' }, 'v1alpha1'],
    ['has no version', () => {}, { apiVersion: '' }, 'users["me"].exec.apiVersion'],
    ['has no command', () => {}, { command: '' }, 'users["me"].exec.command'],
    ['always asks', () => {}, { interactiveMode: 'Always' }, 'terminal'],
  ])('since it %s is named', async (_, program, more, expected) => {
    const { message } = await faultOf(login(program, { ...plugin, ...more }).credentials.access());
    expect(message).toContain(expected);
    expect(message).toContain('users["me"].exec');
  });

  it('since the runtime has no processes is a configuration error that says what to do', async () => {
    const { message } = await faultOf(
      kubeconfigCredentials({ content: config(plugin), host: noHost }).access(),
    );
    expect(message).toContain('no processes');
    expect(message).toContain('VMCP_KUBERNETES_TOKEN');
  });
});

describe('a real program', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plugin-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function script(name: string, body: string): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, `#!${process.execPath}\n${body}\n`);
    await chmod(path, 0o755);
    return path;
  }

  it('is run beside the kubeconfig, with arguments, both environments and no input', async () => {
    await script(
      'login.cjs',
      `const { apiVersion, kind } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
       let input = '';
       process.stdin.on('data', chunk => { input += chunk; });
       process.stdin.on('end', () => {
         const token = [process.argv.slice(2), process.env.REGION, process.env.PATH !== undefined, input.length].join('_');
         console.log(JSON.stringify({ apiVersion, kind, status: { token } }));
       });`,
    );
    const path = join(folder, 'config');
    const env = [{ name: 'REGION', value: 'eu' }];
    await writeFile(path, config({ ...plugin, command: './login.cjs', args: ['a', '$(b)'], env }));
    expect((await kubeconfigCredentials({ paths: path, host: machine }).access()).token).toBe(
      'a,$(b)_eu_true_0',
    );
  });

  it('that fails tells its exit code', async () => {
    const command = await script('fails.cjs', `console.error('not logged in'); process.exit(7);`);
    const { message } = await faultOf(
      kubeconfigCredentials({ content: config({ ...plugin, command }), host: machine }).access(),
    );
    expect(message).toContain('exit code 7: not logged in');
  });

  it('that does not exist is named', async () => {
    const command = join(folder, 'missing');
    const { message } = await faultOf(
      kubeconfigCredentials({ content: config({ ...plugin, command }), host: machine }).access(),
    );
    expect(message).toContain('ENOENT');
  });

  it('that hangs is killed', async () => {
    const command = await script('hangs.cjs', 'setInterval(() => {}, 1000);');
    await expect(machine.run(command, [], { env: {}, timeout: 300 })).rejects.toThrow(
      'did not end within 0.3 s',
    );
  });
});
