import { afterAll, beforeAll, describe, inject } from 'vitest';
import { createTransport } from '../../src/transport/undici.ts';
import type { ReporterTarget } from '../contract/reporter/subject.ts';
import { describeReporterContract } from '../contract/reporter.ts';
import { attachCluster } from './cluster-client.ts';
import { readOwnCrd, readRealCrd } from './crds.ts';
import { clusterTarget } from './target.ts';

const cluster = attachCluster(inject('cluster'));
const transport = createTransport({ tls: { ca: cluster.ca } });
const target: ReporterTarget = {
  ...clusterTarget(cluster),
  server: cluster.server,
  adminToken: cluster.adminToken,
  transport,
};

afterAll(async () => {
  cluster.disconnect();
  await transport.close();
});

describe('on a kube-apiserver', () => {
  beforeAll(() => cluster.installCrd(readRealCrd() ?? readOwnCrd()));
  describeReporterContract(() => target);
});
