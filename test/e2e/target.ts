// A running cluster as the target of the contract suites.
import { createTransport } from '../../src/transport/undici.ts';
import type { ReporterTarget } from '../contract/reporter/subject.ts';
import type { ClusterClient } from './cluster-client.ts';

export function clusterTarget(cluster: ClusterClient): ReporterTarget {
  return {
    name: 'kube-apiserver',
    server: cluster.server,
    adminToken: cluster.adminToken,
    transport: createTransport({ tls: { ca: cluster.ca } }),
    request: cluster.request,
    namespace: () => cluster.createNamespace('contract'),
    identity: cluster.identity,
    etcdRevision: cluster.etcdRevision,
  };
}
