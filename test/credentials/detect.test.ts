import { describe, expect, it } from 'vitest';
import { detectCredentials, findCredentials } from '../../src/credentials/detect.ts';
import { isConfigurationError } from '../../src/errors.ts';

const pod = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };
const edge = { VMCP_KUBERNETES_SERVER: 'https://edge.example', VMCP_KUBERNETES_TOKEN: 'edge-token' };
const kubeconfig = JSON.stringify({
  'current-context': 'one',
  clusters: [
    { name: 'one', cluster: { server: 'https://one.example' } },
    { name: 'two', cluster: { server: 'https://two.example' } },
  ],
  contexts: [
    { name: 'one', context: { cluster: 'one', user: 'me' } },
    { name: 'two', context: { cluster: 'two', user: 'me', namespace: 'gateways' } },
  ],
  users: [{ name: 'me', user: { token: 'from-kubeconfig' } }],
});

describe('detectCredentials', () => {
  it('takes explicit values before everything else', async () => {
    const explicit = { server: 'https://explicit.example', token: 'explicit-token' };
    const found = detectCredentials({
      explicit,
      env: { ...edge, ...pod, KUBECONFIG: '/nowhere' },
      context: 'two',
    });
    expect(await found.access()).toMatchObject(explicit);
  });

  it('takes a kubeconfig or a context given as option before the environment', async () => {
    const env = { ...edge, ...pod };
    for (const found of [
      detectCredentials({ env, kubeconfig: '/nowhere/config' }),
      detectCredentials({ env: { ...env, KUBECONFIG: '/nowhere/config' }, context: 'two' }),
    ]) {
      await expect(found.access()).rejects.toThrow('/nowhere/config');
    }
  });

  it('takes the variables for runtimes without files before KUBECONFIG and the pod', async () => {
    const found = detectCredentials({ env: { ...edge, ...pod, KUBECONFIG: '/nowhere/config' } });
    expect(await found.access()).toEqual({ server: 'https://edge.example', token: 'edge-token' });
    expect(found.source).toBe('VMCP_KUBERNETES_SERVER');
  });

  it('takes KUBECONFIG before the pod', async () => {
    const found = detectCredentials({ env: { ...pod, KUBECONFIG: '/nowhere/config' } });
    await expect(found.access()).rejects.toThrow('/nowhere/config');
  });

  it('takes the pod when nothing else is set', () => {
    expect(detectCredentials({ env: { ...pod, KUBECONFIG: ' ' } }).source).toBe('service account of the pod');
  });

  it('says what it looked for where there is nothing, but only when asked', async () => {
    for (const env of [{}, undefined]) {
      const options = env === undefined ? {} : { env };
      expect(findCredentials(options)).toBeUndefined();
      const error = await detectCredentials(options)
        .access()
        .catch(reason => reason);
      expect(isConfigurationError(error)).toBe(true);
      for (const name of [
        'VMCP_KUBECONFIG',
        'VMCP_KUBERNETES_SERVER',
        'KUBECONFIG',
        'KUBERNETES_SERVICE_HOST',
      ]) {
        expect(error.message).toContain(name);
      }
    }
  });

  it('looks into ~/.kube/config only for a context', async () => {
    expect(findCredentials({ env: { HOME: '/home/me' } })).toBeUndefined();
    const found = findCredentials({ env: {}, context: 'no-such-context-anywhere' });
    expect(found?.source).toBe('kubeconfig context "no-such-context-anywhere"');
    await expect(found?.access()).rejects.toThrow(/config/);
  });

  it('says which variable may not be read', () => {
    const env = new Proxy({}, { get: () => expect.unreachable('NotCapable') });
    expect(() => detectCredentials({ env })).toThrow('VMCP_KUBECONFIG may not be read');
  });

  it('leaves out what is no text: the bindings of a Worker', () => {
    expect(findCredentials({ env: { KUBECONFIG: { get() {} }, VMCP_KUBERNETES_SERVER: 1 } })).toBeUndefined();
  });
});

describe('the variables for runtimes without files', () => {
  it('may hold a whole kubeconfig, with its current context or another', async () => {
    const env = { VMCP_KUBECONFIG: kubeconfig };
    const current = detectCredentials({ env });
    expect(await current.access()).toEqual({ server: 'https://one.example', token: 'from-kubeconfig' });
    expect(current.source).toBe('kubeconfig context "one"');
    expect(await detectCredentials({ env, context: 'two' }).access()).toEqual({
      server: 'https://two.example',
      token: 'from-kubeconfig',
      namespace: 'gateways',
    });
  });

  const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';

  it.each([
    ['PEM', pem],
    ['PEM in one line', pem.replaceAll('\n', '\\n')],
    ['base64 of PEM', btoa(pem)],
  ])('take a CA as %s', async (_, ca) => {
    const env = { ...edge, VMCP_KUBERNETES_CA: ca, VMCP_KUBERNETES_SERVER_NAME: 'kubernetes' };
    expect((await detectCredentials({ env }).access()).tls).toEqual({ ca: pem, serverName: 'kubernetes' });
  });

  it.each(['hush', btoa('hush')])('refuse the CA %s without quoting it', async ca => {
    const found = detectCredentials({ env: { ...edge, VMCP_KUBERNETES_CA: ca } });
    const error = await found.access().catch(reason => reason);
    expect(isConfigurationError(error)).toBe(true);
    expect(error.message).toContain('VMCP_KUBERNETES_CA');
    expect(error.message).not.toContain(ca);
  });

  it('ask for the server where it is missing', async () => {
    const found = detectCredentials({ env: { VMCP_KUBERNETES_TOKEN: 'hush', ...pod } });
    await expect(found.access()).rejects.toThrow('VMCP_KUBERNETES_SERVER is not: set it');
  });
});
