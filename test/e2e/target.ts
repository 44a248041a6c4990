// A running cluster as the target of the contract suite.
import type { Target } from '../contract/target.ts';
import type { ClusterClient } from './cluster-client.ts';

export function clusterTarget(cluster: ClusterClient): Target {
  return {
    name: 'kube-apiserver',
    request: cluster.request,
    namespace: () => cluster.createNamespace('contract'),
    identity: cluster.identity,
    etcdRevision: cluster.etcdRevision,
  };
}
