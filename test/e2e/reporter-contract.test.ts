import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { describeOlderDefinition } from '../contract/reporter/older-definition.ts';
import { describeV1alpha1Only } from '../contract/reporter/served-version.ts';
import { createSubject, report } from '../contract/reporter/subject.ts';
import { describeReporterContract } from '../contract/reporter.ts';
import { attachCluster } from './cluster-client.ts';
import { readOwnCrd, readRealCrd, v1alpha1Only, without } from './crds.ts';
import { clusterTarget } from './target.ts';

const cluster = attachCluster(inject('cluster'));
const target = clusterTarget(cluster);
const definition = readRealCrd() ?? readOwnCrd();

afterAll(async () => {
  cluster.disconnect();
  await target.transport.close();
});

describe('kube-apiserver', () => {
  beforeAll(() => cluster.installCrd(definition));
  describeReporterContract(() => target);
});

describe('kube-apiserver with an older definition', () => {
  const older = without(definition, ['mcpRevision']);
  beforeAll(() => cluster.installCrd(older));
  describeOlderDefinition(() => target);

  it('gets the field within the hour after the definition is upgraded', async () => {
    const subject = await createSubject(target);
    const r = subject.reporter();
    const status = report(['a']);
    status.discoveredBackends![0]!.mcpRevision = '2025-11-25';
    await r.reportStatus(status);
    await cluster.upgradeCrd(definition, async () => {
      const applied = await cluster.request(
        'PATCH',
        `${subject.path}/status?fieldManager=probe&dryRun=All&force=true`,
        {
          headers: { 'content-type': 'application/apply-patch+yaml' },
          body: {
            apiVersion: 'toolhive.stacklok.dev/v1beta1',
            kind: 'VirtualMCPServer',
            metadata: { name: subject.name },
            status: { discoveredBackends: [{ name: 'a', mcpRevision: 'probe' }] },
          },
        },
      );
      return applied.status === 200;
    });
    expect((await r.reportStatus(status)).outcome).toBe('unchanged');
    subject.clock.now += 3_600_000;
    expect((await r.reportStatus(status)).outcome).toBe('applied');
    expect((await subject.get()).status.discoveredBackends[0].mcpRevision).toBe('2025-11-25');
  });
});

describe('kube-apiserver that serves v1alpha1 alone', () => {
  beforeAll(() => cluster.installCrd(v1alpha1Only(definition)));
  describeV1alpha1Only(() => target);
});
