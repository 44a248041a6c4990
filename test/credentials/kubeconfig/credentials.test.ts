import { describe, expect, it } from 'vitest';
import {
  type KubeconfigOptions,
  kubeconfigCredentials,
} from '../../../src/credentials/kubeconfig/credentials.ts';
import type { Cluster, User } from '../../../src/credentials/kubeconfig/types.ts';
import { isConfigurationError } from '../../../src/errors.ts';
import type { Access } from '../../../src/types.ts';
import { fakeClock, memoryHost } from '../memory-host.ts';

const server = 'https://api.example:6443';
const base64 = (text: string) => Buffer.from(text).toString('base64');

function config(user: User = { token: 'secret' }, cluster: Cluster = { server }, namespace?: string): string {
  return JSON.stringify({
    'current-context': 'main',
    clusters: [{ name: 'main', cluster }],
    contexts: [{ name: 'main', context: { cluster: 'main', user: 'me', namespace } }],
    users: [{ name: 'me', user }],
  });
}

/** Access by a kubeconfig in /etc/kube, beside these files. */
function access(content: string, files: Record<string, string> = {}): Promise<Access> {
  const host = memoryHost({ '/etc/kube/config': content, ...files });
  return kubeconfigCredentials({ paths: '/etc/kube/config', host }).access();
}

async function faultOf(work: Promise<unknown>): Promise<Error> {
  const error = await work.then(() => expect.unreachable('expected a rejection')).catch(reason => reason);
  expect(isConfigurationError(error)).toBe(true);
  expect(`${error.message}${error.cause?.message}`).not.toContain('hush');
  return error;
}

describe('files', () => {
  it('are merged in order; those that do not exist are skipped', async () => {
    const host = memoryHost({
      '/one': JSON.stringify({ clusters: [{ name: 'main', cluster: { server: 'https://one.example' } }] }),
      '/two': config(),
    });
    const credentials = kubeconfigCredentials({ paths: '/none:/one::/two:/one', host });
    expect(await credentials.access()).toEqual({ server: 'https://one.example', token: 'secret' });
    expect(credentials.source).toBe('kubeconfig context "main"');
    expect(host.reads.sort()).toEqual(['/none', '/one', '/two']);
  });

  it('may be given as a list', async () => {
    const host = memoryHost({ '/odd:name': config() });
    expect((await kubeconfigCredentials({ paths: ['/odd:name'], host }).access()).token).toBe('secret');
  });

  it('are ~/.kube/config by default', async () => {
    const host = memoryHost({ '/home/me/.kube/config': config() });
    expect((await kubeconfigCredentials({ host }).access()).token).toBe('secret');
    expect((await kubeconfigCredentials({ host, paths: undefined }).access()).token).toBe('secret');
  });

  it('are asked for where the home directory is not known', async () => {
    const host = memoryHost();
    host.homeDirectory = () => {
      throw new Error('Requires sys access');
    };
    const error = await faultOf(kubeconfigCredentials({ host }).access());
    expect(error.message).toMatch(/Requires sys access.*set KUBECONFIG/);
  });

  it('that all do not exist are named', async () => {
    const error = await faultOf(kubeconfigCredentials({ paths: '/one:/two', host: memoryHost() }).access());
    expect(error.message).toContain('/one or /two');
  });

  it('that cannot be read are named', async () => {
    const host = memoryHost();
    host.readTextFile = () =>
      Promise.reject(Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' }));
    expect((await faultOf(kubeconfigCredentials({ paths: '/one', host }).access())).message).toMatch(
      /\/one .*EACCES/,
    );
  });

  it('are not read before the first access, and again after a minute or a refusal', async () => {
    const host = memoryHost({ '/config': config() });
    const clock = fakeClock();
    const credentials = kubeconfigCredentials({ paths: '/config', host, now: clock.now });
    expect(host.reads).toEqual([]);
    const first = await credentials.access();
    expect(await credentials.access()).toBe(first);
    host.files.set('/config', config({ token: 'two' }));
    clock.advance(60_000);
    expect((await credentials.access()).token).toBe('two');
    host.files.set('/config', config({ token: 'three' }));
    expect((await credentials.access({ refresh: true })).token).toBe('three');
  });

  it('may be a text instead', async () => {
    const host = memoryHost({ 'ca.pem': 'CA' });
    const content = config({ token: 'secret' }, { server, 'certificate-authority': 'ca.pem' });
    expect(await kubeconfigCredentials({ content, host }).access()).toEqual({
      server,
      token: 'secret',
      tls: { ca: 'CA\n' },
    });
  });
});

describe('a context', () => {
  const two = JSON.stringify({
    'current-context': 'one',
    clusters: [
      { name: 'one', cluster: { server: 'https://one.example' } },
      { name: 'two', cluster: { server: 'https://two.example' } },
    ],
    contexts: [
      { name: 'one', context: { cluster: 'one' } },
      { name: 'two', context: { cluster: 'two', user: 'me', namespace: 'gateways' } },
      { name: 'lost', context: { cluster: 'gone', user: 'me' } },
      { name: 'stranger', context: { cluster: 'one', user: 'nobody' } },
      { name: 'nowhere', context: { user: 'me' } },
    ],
    users: [{ name: 'me', user: { token: 'secret' } }],
  });
  const by = (options: KubeconfigOptions) =>
    kubeconfigCredentials({ content: two, host: memoryHost(), ...options });

  it('is the current one, or another', async () => {
    expect(await by({}).access()).toEqual({ server: 'https://one.example' });
    expect(await by({ context: 'two' }).access()).toEqual({
      server: 'https://two.example',
      token: 'secret',
      namespace: 'gateways',
    });
    expect(by({ context: 'two' }).source).toBe('kubeconfig context "two"');
  });

  it.each([
    ['three', 'expected contexts to have "three", found "one", "two"'],
    ['lost', 'expected clusters to have "gone", found "one", "two"; contexts["lost"] refers to it'],
    ['stranger', 'expected users to have "nobody", found "me"'],
    ['nowhere', 'contexts["nowhere"] names no cluster'],
  ])('that is wrong is named: %s', async (context, expected) => {
    expect((await faultOf(by({ context }).access())).message).toContain(expected);
  });

  it('is asked for where none is current', async () => {
    const content = JSON.stringify({ ...JSON.parse(two), 'current-context': '' });
    const { message } = await faultOf(by({ content, contentName: 'VMCP_KUBECONFIG' }).access());
    expect(message).toContain('VMCP_KUBECONFIG has no current-context');
    expect(message).toContain('"one", "two"');
  });
});

describe('a cluster', () => {
  const of = (cluster: Cluster, files?: Record<string, string>) =>
    access(config({ token: 'secret' }, cluster), files);

  it('keeps the path prefix of its server', async () => {
    expect((await of({ server: `${server}/k8s/clusters/c-1/` })).server).toBe(`${server}/k8s/clusters/c-1`);
  });

  it('has a CA as data, or in a file beside the kubeconfig; data comes first', async () => {
    expect((await of({ server, 'certificate-authority-data': base64('CA ü') })).tls).toEqual({ ca: 'CA ü' });
    const files = { '/etc/kube/pki/ca.crt': 'from file\n', '/abs/ca.crt': 'absolute\n' };
    expect((await of({ server, 'certificate-authority': 'pki/ca.crt' }, files)).tls).toEqual({
      ca: 'from file\n',
    });
    expect((await of({ server, 'certificate-authority': '/abs/ca.crt' }, files)).tls).toEqual({
      ca: 'absolute\n',
    });
    const both = {
      server,
      'certificate-authority-data': base64('data'),
      'certificate-authority': '/not/read',
    };
    expect((await of(both)).tls).toEqual({ ca: 'data' });
  });

  it('has a server name, a proxy, or no check at all', async () => {
    expect(
      await of({ server, 'tls-server-name': 'kubernetes', 'proxy-url': 'http://proxy:3128' }),
    ).toMatchObject({
      tls: { serverName: 'kubernetes' },
      proxyUrl: 'http://proxy:3128',
    });
    expect((await of({ server, 'insecure-skip-tls-verify': true })).tls).toEqual({
      insecureSkipVerify: true,
    });
    expect(await of({ server, 'insecure-skip-tls-verify': false })).not.toHaveProperty('tls');
  });

  it.each<[string, Cluster, string]>([
    ['no server', {}, 'clusters["main"]: expected server'],
    ['no URL', { server: 'api.example' }, 'clusters["main"].server to be a URL'],
    [
      'no base64',
      { server, 'certificate-authority-data': '§hush' },
      'clusters["main"].certificate-authority-data',
    ],
    ['a missing CA file', { server, 'certificate-authority': 'ca.crt' }, '/etc/kube/ca.crt'],
    [
      'a CA that would be ignored',
      { server, 'certificate-authority-data': base64('CA'), 'insecure-skip-tls-verify': true },
      'insecure-skip-tls-verify: keep one',
    ],
  ])('with %s is refused', async (_, cluster, expected) => {
    const { message } = await faultOf(of(cluster));
    expect(message).toContain('/etc/kube/config');
    expect(message).toContain(expected);
  });
});

describe('a user', () => {
  const of = (user: User, files?: Record<string, string>) => access(config(user), files);

  it('has a token', async () => {
    expect(await of({ token: 'secret' })).toEqual({ server, token: 'secret' });
  });

  it('has a token in a file, which comes first as long as it can be read', async () => {
    const files = { '/etc/kube/token': 'from-file\n' };
    expect((await of({ tokenFile: 'token' }, files)).token).toBe('from-file');
    expect((await of({ tokenFile: 'token', token: 'constant' }, files)).token).toBe('from-file');
    expect((await of({ tokenFile: 'token', token: 'constant' })).token).toBe('constant');
  });

  it('has a token file that is read again', async () => {
    const host = memoryHost({ '/config': config({ tokenFile: 'token' }), '/token': 'one' });
    const clock = fakeClock();
    const credentials = kubeconfigCredentials({ paths: '/config', host, now: clock.now });
    await credentials.access();
    host.files.set('/token', 'two');
    clock.advance(60_000);
    expect((await credentials.access()).token).toBe('two');
  });

  it('has a client certificate as data, or in files', async () => {
    const data = { 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') };
    expect(await of(data)).toEqual({ server, tls: { cert: 'CERT', key: 'KEY' } });
    const files = { '/etc/kube/me.crt': 'CERT', '/etc/kube/me.key': 'KEY' };
    const paths = { 'client-certificate': 'me.crt', 'client-key': './me.key' };
    expect((await of(paths, files)).tls).toEqual({ cert: 'CERT\n', key: 'KEY\n' });
    expect((await of({ ...paths, ...data }, files)).tls).toEqual({ cert: 'CERT', key: 'KEY' });
  });

  it('has a name and a password', async () => {
    expect(await of({ username: 'jane', password: 'päss:word' })).toEqual({
      server,
      headers: { authorization: `Basic ${base64('jane:päss:word')}` },
    });
  });

  it('acts as another', async () => {
    const { headers } = await of({
      token: 'secret',
      as: 'jane',
      'as-uid': 'u-1',
      'as-groups': ['viewers', 'editors'],
      'as-user-extra': { 'example.com/Scope': ['a', 'b'], empty: [] },
    });
    expect(headers).toEqual({
      'impersonate-user': 'jane',
      'impersonate-uid': 'u-1',
      'impersonate-group': ['viewers', 'editors'],
      'impersonate-extra-example.com%2Fscope': ['a', 'b'],
    });
  });

  it('may be nobody in particular', async () => {
    expect(await of({})).toEqual({ server });
  });

  it.each<[string, User, string]>([
    ['two ways to log in', { token: 'hush', username: 'me', password: 'hush' }, 'keep one'],
    ['a token that is none', { token: 'hush hush' }, 'users["me"].token'],
    ['a missing token file', { tokenFile: 'token' }, '/etc/kube/token'],
    ['a certificate without key', { 'client-certificate-data': base64('hush') }, 'without client-key'],
    ['a key without certificate', { 'client-key-data': base64('hush') }, 'without client-certificate'],
    ['a password without name', { password: 'hush' }, 'expected a username'],
    ['groups of nobody', { token: 'hush', 'as-groups': ['viewers'] }, 'as-groups without as'],
    ['a GCP login', { 'auth-provider': { name: 'gcp' } }, 'gke-gcloud-auth-plugin'],
    ['an unknown login', { 'auth-provider': { name: 'other' } }, 'the plugin of your provider'],
  ])('with %s is refused', async (_, user, expected) => {
    const { message } = await faultOf(of(user));
    expect(message).toContain('/etc/kube/config: users["me"]');
    expect(message).toContain(expected);
  });
});
