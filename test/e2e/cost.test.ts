// What requests cost the API server, in processor time. Generous factors: the point is the order of magnitude.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createSubject, expectOk, type Subject } from '../contract/http/subject.ts';
import { attachCluster } from './cluster-client.ts';
import { readOwnCrd, readRealCrd } from './crds.ts';
import { clusterTarget } from './target.ts';

const cluster = attachCluster(inject('cluster'));
const rounds = 5;

const backends = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    name: `backend-${index}`,
    url: `http://backend-${index}.example.com/mcp`,
    status: 'ready',
    lastHealthCheck: '2026-01-01T00:00:00Z',
    message: 'healthy',
  }));

/** Milliseconds of kube-apiserver’s processor time for one call, from ticks of 10 ms. */
async function cost(call: (round: number) => Promise<unknown>): Promise<number> {
  const before = cluster.cpuSeconds();
  for (let round = 0; round < rounds; round++) await call(round);
  return ((cluster.cpuSeconds() - before) * 1000) / rounds;
}

describe('cost at the API server', () => {
  let subject: Subject;
  beforeAll(async () => {
    await cluster.installCrd(readRealCrd() ?? readOwnCrd());
    subject = await createSubject(clusterTarget(cluster));
    expectOk(await subject.apply({ phase: 'Ready', discoveredBackends: backends(1000) }));
  });
  afterAll(() => cluster.disconnect());

  it('at 1,000 backends a Table read costs at most a tenth of a full read', {
    timeout: 120_000,
  }, async () => {
    const { resourceVersion } = (await subject.get()).metadata;
    const twentyTables = await cost(async () => {
      for (let read = 0; read < 20; read++) await subject.table(`&resourceVersion=${resourceVersion}`);
    });
    const full = await cost(() => subject.get());
    expect(full).toBeGreaterThan(twentyTables / 2);
  });

  it('one changed backend of 1,000 costs about the same by every strategy', {
    timeout: 120_000,
  }, async () => {
    const message = (round: number) => `round ${round}`;
    const changed = (round: number) => {
      const [first, ...rest] = backends(1000);
      return { phase: 'Ready', discoveredBackends: [{ ...first, message: message(round) }, ...rest] };
    };
    const apply = await cost(async round => expectOk(await subject.apply(changed(round))));
    const patch = await cost(async round =>
      expectOk(
        await subject.jsonPatch([
          { op: 'replace', path: '/status/discoveredBackends/0/message', value: `patched ${round}` },
        ]),
      ),
    );
    const update = await cost(async round => expectOk(await subject.putStatus(changed(round + rounds))));
    const costs = [apply, patch, update];
    expect(Math.max(...costs)).toBeLessThan(4 * Math.min(...costs));
  });
});
