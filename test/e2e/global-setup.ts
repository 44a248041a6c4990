// One cluster for all end-to-end test files, started before the first of them.
import type { TestProject } from 'vitest/node';
import { findBinaries, findKubectl } from './binaries.ts';
import { startCluster } from './cluster.ts';
import type { ClusterConnection } from './cluster-client.ts';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { origin } = await findBinaries();
  process.stderr.write(`kube-apiserver and etcd: ${origin}\n`);
  // Here too, where nothing ends a build that takes minutes.
  await findKubectl();
  const cluster = await startCluster();
  project.provide('cluster', { ...cluster.connection });
  return () => cluster.close();
}

declare module 'vitest' {
  export interface ProvidedContext {
    cluster: ClusterConnection;
  }
}
