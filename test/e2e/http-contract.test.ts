import { afterAll, beforeAll, describe, inject } from 'vitest';
import { describeHttpContract } from '../contract/http.ts';
import { attachCluster } from './cluster-client.ts';
import { readOwnCrd, readRealCrd } from './crds.ts';
import { clusterTarget } from './target.ts';

const cluster = attachCluster(inject('cluster'));
const target = clusterTarget(cluster);
const definitions = { 'the real definition': readRealCrd(), 'the smaller definition': readOwnCrd() };

afterAll(() => cluster.disconnect());

for (const [name, crd] of Object.entries(definitions)) {
  if (crd === undefined) continue; // the real one lies beside the project only on some machines
  describe(`kube-apiserver with ${name}`, () => {
    beforeAll(() => cluster.installCrd(crd));
    describeHttpContract(() => target);
  });
}
