import { describe, expect, it } from 'vitest';
import { type InClusterOptions, inClusterCredentials } from '../../src/credentials/in-cluster.ts';
import { ConfigurationError } from '../../src/errors.ts';
import { fakeClock, jwt, memoryHost } from './memory-host.ts';

const directory = '/var/run/secrets/kubernetes.io/serviceaccount';
const env = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };

function pod(options: Partial<InClusterOptions> = {}) {
  const host = memoryHost({
    [`${directory}/token`]: 'token-one\n',
    [`${directory}/ca.crt`]: 'CA one\n',
    [`${directory}/namespace`]: 'gateways\n',
  });
  const clock = fakeClock();
  return { host, clock, credentials: inClusterCredentials({ env, host, now: clock.now, ...options }) };
}

/** Files are read, but nobody learns what is in them before the gate opens. */
function closedGate(host: ReturnType<typeof memoryHost>): { open(): void } {
  const { readTextFile } = host;
  let open = () => {};
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  host.readTextFile = async path => {
    const text = await readTextFile(path);
    await opened;
    return text;
  };
  return { open };
}

describe('the service account of a pod', () => {
  it('is known without waiting once it was read, for a minute', async () => {
    const { clock, credentials } = pod();
    expect(credentials.current?.()).toBeUndefined();
    const access = await credentials.access();
    expect(credentials.current?.()).toBe(access);
    clock.advance(60_000);
    expect(credentials.current?.()).toBeUndefined();
  });

  it('is read from the mounted files, trimmed, and from the environment', async () => {
    const { credentials } = pod();
    expect(await credentials.access()).toEqual({
      server: 'https://10.96.0.1',
      tls: { ca: 'CA one' },
      token: 'token-one',
      namespace: 'gateways',
    });
    expect(credentials.source).toBe('service account of the pod');
  });

  it.each([
    ['10.96.0.1', '6443', 'https://10.96.0.1:6443'],
    ['fd00:10:96::1', '6443', 'https://[fd00:10:96::1]:6443'],
    ['[fd00:10:96::1]', '6443', 'https://[fd00:10:96::1]:6443'],
    ['kubernetes.default.svc', '443', 'https://kubernetes.default.svc'],
  ])('has the server %s port %s', async (host, port, server) => {
    const { credentials } = pod({ env: { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } });
    expect((await credentials.access()).server).toBe(server);
  });

  it('does without a namespace file', async () => {
    const { credentials, host } = pod();
    host.files.delete(`${directory}/namespace`);
    expect(await credentials.access()).not.toHaveProperty('namespace');
  });

  it('may be mounted elsewhere', async () => {
    const { credentials, host } = pod({ directory: '/elsewhere' });
    host.files.set('/elsewhere/token', 'other').set('/elsewhere/ca.crt', 'CA');
    expect((await credentials.access()).token).toBe('other');
  });

  it('does no IO before it is asked', () => {
    expect(pod().host.reads).toEqual([]);
  });
});

describe('rotation', () => {
  it('reads nothing again within a minute, and returns the same object', async () => {
    const { credentials, host, clock } = pod();
    const first = await credentials.access();
    host.files.set(`${directory}/token`, 'token-two');
    clock.advance(59_999);
    expect(await credentials.access()).toBe(first);
    expect(host.reads).toHaveLength(3);
  });

  it('reads token and CA again after a minute', async () => {
    const { credentials, host, clock } = pod();
    await credentials.access();
    host.files.set(`${directory}/token`, 'token-two').set(`${directory}/ca.crt`, 'CA two');
    clock.advance(60_000);
    expect(await credentials.access()).toMatchObject({ token: 'token-two', tls: { ca: 'CA two' } });
  });

  it('returns the same object where nothing changed in the files', async () => {
    const { credentials, host, clock } = pod();
    const first = await credentials.access();
    clock.advance(60_000);
    expect(await credentials.access()).toBe(first);
    expect(host.reads).toHaveLength(6);
  });

  it('reads again at once when asked to refresh', async () => {
    const { credentials, host } = pod();
    await credentials.access();
    host.files.set(`${directory}/token`, 'token-two');
    expect((await credentials.access({ refresh: true })).token).toBe('token-two');
    expect((await credentials.access()).token).toBe('token-two');
  });

  it('reads again before a JWT expires: after four fifths of its lifetime', async () => {
    const { credentials, host, clock } = pod();
    host.files.set(`${directory}/token`, jwt(clock.now() + 30_000));
    await credentials.access();
    const next = jwt(clock.now() + 3_600_000);
    host.files.set(`${directory}/token`, next);
    clock.advance(23_999);
    expect((await credentials.access()).token).not.toBe(next);
    clock.advance(1);
    expect((await credentials.access()).token).toBe(next);
  });

  it('does not wait for a JWT that lives longer than a minute', async () => {
    const { credentials, host, clock } = pod();
    host.files.set(`${directory}/token`, jwt(clock.now() + 3_600_000));
    await credentials.access();
    host.files.set(`${directory}/token`, 'token-two');
    clock.advance(60_000);
    expect((await credentials.access()).token).toBe('token-two');
  });

  it('reads an expired JWT again once a second at most', async () => {
    const { credentials, host, clock } = pod();
    host.files.set(`${directory}/token`, jwt(clock.now() - 1_000));
    await credentials.access();
    clock.advance(999);
    await credentials.access();
    expect(host.reads).toHaveLength(3);
    clock.advance(1);
    await credentials.access();
    expect(host.reads).toHaveLength(6);
  });

  it('shares one reading among callers at the same time', async () => {
    const { credentials, host } = pod();
    const all = await Promise.all(Array.from({ length: 10 }, () => credentials.access()));
    expect(new Set(all).size).toBe(1);
    expect(host.reads).toHaveLength(3);
  });

  it('shares one refresh, which begins after the reading that is under way', async () => {
    const { credentials, host } = pod();
    const gate = closedGate(host);
    const early = credentials.access();
    const refreshes = [credentials.access({ refresh: true }), credentials.access({ refresh: true })];
    await expect.poll(() => host.reads).toHaveLength(1);
    gate.open();
    host.files.set(`${directory}/token`, 'token-two');
    expect((await early).token).toBe('token-one');
    expect((await Promise.all(refreshes)).map(({ token }) => token)).toEqual(['token-two', 'token-two']);
    expect(host.reads).toHaveLength(6);
  });

  it('keeps what it has while a file cannot be read, unless the server refused it', async () => {
    const { credentials, host, clock } = pod();
    const first = await credentials.access();
    host.files.delete(`${directory}/token`);
    clock.advance(60_000);
    expect(await credentials.access()).toBe(first);
    expect(host.reads.at(-1)).toBe(`${directory}/token`);
    await expect(credentials.access({ refresh: true })).rejects.toThrow(ConfigurationError);
    host.files.set(`${directory}/token`, 'token-two');
    clock.advance(10_000);
    expect((await credentials.access()).token).toBe('token-two');
  });

  it('does not keep a token beyond its expiry', async () => {
    const { credentials, host, clock } = pod();
    host.files.set(`${directory}/token`, jwt(clock.now() + 100_000));
    await credentials.access();
    host.files.delete(`${directory}/token`);
    clock.advance(100_000);
    await expect(credentials.access()).rejects.toThrow(ConfigurationError);
  });

  it('reads again after the clock was set back', async () => {
    const { credentials, host, clock } = pod();
    await credentials.access();
    clock.advance(-3_600_000);
    await credentials.access();
    expect(host.reads).toHaveLength(6);
  });

  it('lets one caller leave without disturbing the others', async () => {
    const { credentials, host } = pod();
    const gate = closedGate(host);
    const abort = new AbortController();
    const impatient = credentials.access({ signal: abort.signal });
    const patient = credentials.access();
    const reason = new Error('enough');
    abort.abort(reason);
    await expect(impatient).rejects.toBe(reason);
    await expect(credentials.access({ signal: abort.signal })).rejects.toBe(reason);
    gate.open();
    expect((await patient).token).toBe('token-one');
    expect(host.reads).toHaveLength(3);
  });
});

describe('a fault', () => {
  it.each(['token', 'ca.crt'])('in %s names the file and what to do', async name => {
    for (const fault of ['missing', 'empty']) {
      const { credentials, host } = pod();
      if (fault === 'missing') host.files.delete(`${directory}/${name}`);
      else host.files.set(`${directory}/${name}`, ' \n');
      const error = await credentials.access().catch(reason => reason);
      expect(error).toBeInstanceOf(ConfigurationError);
      expect(error.message).toContain(`${directory}/${name}`);
      expect(error.message).toContain('automountServiceAccountToken');
    }
  });

  it('in a token does not quote it', async () => {
    const { credentials, host } = pod();
    host.files.set(`${directory}/token`, 'Bearer hush');
    const error = await credentials.access().catch(reason => reason);
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toContain('without "Bearer"');
    expect(error.message).not.toContain('hush');
  });

  it.each(['KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT'])(
    'in the environment names %s',
    async name => {
      const { credentials } = pod({ env: { ...env, [name]: '' } });
      await expect(credentials.access()).rejects.toThrow(`${name} is not set`);
    },
  );

  it('is tried again with the next call', async () => {
    const { credentials, host } = pod();
    host.files.delete(`${directory}/token`);
    await expect(credentials.access()).rejects.toThrow(ConfigurationError);
    host.files.set(`${directory}/token`, 'late');
    expect((await credentials.access()).token).toBe('late');
  });
});
