/** A real kube-apiserver for a bench: etcd and itself on the server's core, one namespace, one identity. */

import { spawnSync } from 'node:child_process';
import { type Cluster, startCluster } from '../../test/e2e/cluster.ts';
import type { Crd } from '../../test/e2e/crd-installation.ts';
import { readOwnCrd } from '../../test/e2e/crds.ts';
import type { Identity } from '../../test/e2e/identities.ts';
import { pinning } from './child.ts';
import type { Destination } from './contestant.ts';

export interface BenchCluster {
  readonly cluster: Cluster;
  readonly destination: Destination;
  /** New resources with these names. */
  create(names: readonly string[]): Promise<void>;
  /** Milliseconds of kube-apiserver's processor time for each of `count` pieces of `work`, less what it uses idle. */
  cost(count: number, work: () => Promise<unknown>): Promise<number>;
  /** Writes to etcd so far, of all resources of this cluster. */
  writes(): Promise<number>;
  close(): Promise<void>;
}

const resources = '/apis/toolhive.stacklok.dev/v1beta1/namespaces';

export async function startBenchCluster(): Promise<BenchCluster> {
  const cluster = await startCluster();
  if (pinning.startsWith('Server')) spawnSync('taskset', ['-acp', '0', String(cluster.pid)]);
  try {
    await cluster.installCrd(withRuntime(readOwnCrd()));
    const namespace = await cluster.createNamespace('bench');
    const identity: Identity = await cluster.identity(namespace, [
      { verbs: ['get'], resources: ['virtualmcpservers'] },
      { verbs: ['get', 'patch', 'update'], resources: ['virtualmcpservers/status'] },
    ]);
    const idle = await idleShare(cluster);
    return {
      cluster,
      destination: { server: cluster.server, ca: cluster.ca, token: identity.token, namespace },
      async create(names) {
        for (const name of names) {
          const { status, text } = await cluster.request(
            'POST',
            `${resources}/${namespace}/virtualmcpservers`,
            {
              body: {
                apiVersion: 'toolhive.stacklok.dev/v1beta1',
                kind: 'VirtualMCPServer',
                metadata: { name },
                spec: { groupRef: { name: 'group' }, incomingAuth: { type: 'anonymous' } },
              },
            },
          );
          if (status !== 201) throw new Error(`creating ${name}: ${status} ${text}`);
        }
      },
      async cost(count, work) {
        const start = performance.now();
        const before = cluster.cpuSeconds();
        await work();
        const used = (cluster.cpuSeconds() - before) * 1000 - idle * (performance.now() - start);
        return Math.max(used, 0) / count;
      },
      writes: () => writes(cluster.etcd),
      close: () => cluster.close(),
    };
  } catch (error) {
    await cluster.close();
    throw error;
  }
}

/** etcd counts how often each key was written, from 1. */
async function writes(etcd: string): Promise<number> {
  const prefix = '/registry/toolhive.stacklok.dev/virtualmcpservers/';
  const query = {
    key: Buffer.from(prefix).toString('base64'),
    range_end: Buffer.from(`${prefix.slice(0, -1)}0`).toString('base64'), // "0" is the character after "/"
    keys_only: true,
  };
  const answer = await fetch(`${etcd}/v3/kv/range`, { method: 'POST', body: JSON.stringify(query) });
  const { kvs = [] } = (await answer.json()) as { kvs?: { version: string }[] };
  return kvs.reduce((sum, { version }) => sum + Number(version), 0);
}

/** What the API server uses while nobody asks it for anything, of one core. */
async function idleShare(cluster: Cluster): Promise<number> {
  await new Promise(resolve => setTimeout(resolve, 5_000));
  const start = performance.now();
  const before = cluster.cpuSeconds();
  await new Promise(resolve => setTimeout(resolve, 5_000));
  return ((cluster.cpuSeconds() - before) * 1000) / (performance.now() - start);
}

/** Newer versions of the reference write below `status.runtime`, with the same fields as `status` itself. */
function withRuntime(crd: Crd): Crd {
  const copy = structuredClone(crd);
  for (const { schema } of copy.spec.versions) {
    const { properties } = schema.openAPIV3Schema.properties.status;
    const { phase, message, backendCount, discoveredBackends, conditions } = properties;
    properties.runtime = structuredClone({
      type: 'object',
      properties: { phase, message, backendCount, discoveredBackends, conditions },
    });
  }
  return copy;
}
