import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { detectCredentials } from '../../../src/credentials/detect.ts';
import { labelFor } from '../../../src/entry/cli/manifest/names.ts';
import { cli } from './support.ts';

async function manifest(...args: string[]): Promise<any[]> {
  const { code, out, err } = await cli(['manifest', ...args]);
  expect([code, err]).toStrictEqual([0, '']);
  return parseAllDocuments(out).map(document => document.toJS());
}

const ca = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----';

describe('manifest', () => {
  it('is five objects in one namespace, which belong together', async () => {
    const objects = await manifest('demo', '-n', 'gateways');
    expect(objects.map(({ kind }) => kind)).toStrictEqual([
      'ServiceAccount',
      'Role',
      'RoleBinding',
      'Deployment',
      'Service',
    ]);
    for (const { metadata } of objects) {
      expect(metadata).toMatchObject({ name: 'demo-status', namespace: 'gateways' });
    }
    const [account, role, binding, deployment, service] = objects;
    expect(binding.roleRef).toMatchObject({ kind: 'Role', name: role.metadata.name });
    expect(binding.subjects).toStrictEqual([
      { kind: 'ServiceAccount', name: account.metadata.name, namespace: 'gateways' },
    ]);
    const { spec, metadata } = deployment.spec.template;
    expect(spec.serviceAccountName).toBe(account.metadata.name);
    expect(metadata.labels).toMatchObject(service.spec.selector);
    expect(service.spec.selector).toStrictEqual(deployment.spec.selector.matchLabels);
  });

  it('keeps to the restricted profile, and asks the probes of the service', async () => {
    const objects = await manifest('demo');
    const { spec } = objects.find(({ kind }) => kind === 'Deployment').spec.template;
    const [container] = spec.containers;
    expect(spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toStrictEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container.livenessProbe.httpGet).toStrictEqual({ path: '/livez', port: 'http' });
    expect(container.readinessProbe.httpGet).toStrictEqual({ path: '/readyz', port: 'http' });
    // The service delivers what is pending for at most 10 s.
    expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(10);
  });

  it.each([
    [[], ['--auth', 'jwt']],
    [
      ['--audience', 'x'],
      ['--auth', 'jwt', '--audience', 'x'],
    ],
    [
      ['--auth', 'review', '--audience', 'x'],
      ['--auth', 'review', '--audience', 'x'],
    ],
    [
      ['--auth', 'passthrough'],
      ['--auth', 'passthrough'],
    ],
    [
      ['--auth', 'token'],
      ['--auth', 'token', '--tokens-file', '/etc/vmcp-status/tokens.json'],
    ],
  ])('starts the service, for %j with %j', async (options, expected) => {
    const objects = await manifest('demo', '--image', 'example.com/vmcp-status:1', ...options);
    const [container] = objects.find(({ kind }) => kind === 'Deployment').spec.template.spec.containers;
    expect(container.command).toBeUndefined();
    expect(container.args).toStrictEqual(['serve', ...expected]);
    // What it starts with, the command line takes.
    expect(await cli([...container.args, '--help'])).toMatchObject({ code: 0 });
  });

  it('grants nothing where the callers’ own rights count, and reviews where the cluster is asked', async () => {
    const kinds = async (...args: string[]) => (await manifest('demo', ...args)).map(({ kind }) => kind);
    expect(await kinds('--auth', 'passthrough')).toStrictEqual(['ServiceAccount', 'Deployment', 'Service']);
    expect(await kinds('--auth', 'review')).toContain('ClusterRoleBinding');
    expect(await kinds('--auth', 'token')).not.toContain('ClusterRoleBinding');
  });

  it('gives the pod a token, but not where the callers’ own go to the API server', async () => {
    const podWith = async (auth: string) => {
      const objects = await manifest('demo', '--auth', auth);
      expect(objects[0]).toMatchObject({ kind: 'ServiceAccount', automountServiceAccountToken: false });
      return objects.find(({ kind }) => kind === 'Deployment').spec.template.spec;
    };
    for (const auth of ['jwt', 'review', 'token']) {
      expect(await podWith(auth)).toMatchObject({ automountServiceAccountToken: true });
    }
    const pod = await podWith('passthrough');
    expect(pod.automountServiceAccountToken).toBe(false);
    const [container] = pod.containers;
    expect(container.env).toContainEqual({
      name: 'VMCP_KUBERNETES_CA',
      valueFrom: { configMapKeyRef: { name: 'kube-root-ca.crt', key: 'ca.crt' } },
    });
    const env = Object.fromEntries(
      container.env.map(({ name, value }: { name: string; value?: string }) => [name, value ?? ca]),
    );
    expect(await detectCredentials({ env }).access()).toStrictEqual({
      server: 'https://kubernetes.default.svc',
      tls: { ca },
    });
  });

  it('prints what there is as a table, and all of it as JSON', async () => {
    expect(
      (await cli(['manifest', 'demo', '-n', 'gateways', '--auth', 'review', '-o', 'table'])).out,
    ).toBe(`KIND                NAMESPACE  NAME
ServiceAccount      gateways   demo-status
Role                gateways   demo-status
RoleBinding         gateways   demo-status
ClusterRoleBinding  -          gateways:demo-status
Deployment          gateways   demo-status
Service             gateways   demo-status
`);
    const { out } = await cli(['manifest', 'demo', '-o', 'json']);
    expect(JSON.parse(out)).toStrictEqual({ apiVersion: 'v1', kind: 'List', items: await manifest('demo') });
  });

  it.each([
    [['demo', '-n', 'A']],
    [['demo', '-n', 'x'.repeat(64)]],
    [['x'.repeat(254)]],
    [['..']],
    [['demo', '--port', '80']],
    [['demo', '--replicas', '-1']],
    [['demo', '--auth', 'none']],
  ])('is not made of %j', async args => {
    expect(await cli(['manifest', ...args])).toMatchObject({ code: 2, out: '' });
  });
});

describe('labelFor', () => {
  const part = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?$/);
  const names = fc.array(part, { minLength: 1, maxLength: 10 }).map(parts => parts.join('.'));

  it('is a name for a Service, whatever the resource is called', () => {
    fc.assert(
      fc.property(names, name => {
        expect(labelFor(name)).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);
      }),
    );
  });

  it('tells names apart', () => {
    fc.assert(fc.property(names, names, (a, b) => a === b || labelFor(a) !== labelFor(b)));
    expect(labelFor('a.b')).not.toBe(labelFor('a-b'));
  });

  it('keeps what fits', () => expect(labelFor('demo')).toBe('demo-status'));
});
