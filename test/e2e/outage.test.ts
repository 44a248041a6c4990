// What happens to a reporter when tokens are revoked and the API server goes away: on a cluster of its own.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staticCredentials } from '../../src/credentials/static.ts';
import { createSubject, type ReporterTarget, report } from '../contract/reporter/subject.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { readOwnCrd, readRealCrd } from './crds.ts';
import { clusterTarget } from './target.ts';
import { waitFor } from './wait.ts';

const rules = [
  { resources: ['virtualmcpservers'], verbs: ['get'] },
  { resources: ['virtualmcpservers/status'], verbs: ['update', 'patch'] },
];

describe('a reporter on a kube-apiserver', () => {
  let cluster: Cluster;
  let target: ReporterTarget;
  beforeAll(async () => {
    cluster = await startCluster();
    await cluster.installCrd(readRealCrd() ?? readOwnCrd());
    target = clusterTarget(cluster);
  });
  afterAll(async () => {
    await target?.transport.close();
    await cluster?.close();
  });

  it('renews a token before it expires: the API server never sees an old one', async () => {
    const subject = await createSubject(target);
    const { token } = await cluster.identity(subject.namespace, rules);
    let issued = 0;
    const credentials = staticCredentials({
      server: cluster.server,
      token: () => {
        issued++;
        return cluster.shortLived(token, 3);
      },
    });
    const r = subject.reporter({ credentials });
    for (let round = 0; round < 4; round++) {
      await r.reportStatus(report([`round-${round}`]));
      await delay(1_500);
    }
    expect(issued).toBeGreaterThanOrEqual(2);
    expect(subject.exchanges.filter(({ status }) => status === 401)).toEqual([]);
    expect((await subject.get()).status.discoveredBackends[0].name).toBe('round-3');
  });

  it('goes on with a new token when the old one expires during the run', async () => {
    const subject = await createSubject(target);
    const identity = await cluster.identity(subject.namespace, rules);
    // The API server allows a minute of clock skew: this one has fifteen seconds left.
    const expiring = await cluster.shortLived(identity.token, -45);
    const access = (token: string) => ({ server: cluster.server, token });
    const [old, renewed] = [access(expiring), access(identity.token)];
    const credentials = {
      source: 'test',
      access: async ({ refresh = false } = {}) => (refresh ? renewed : old),
    };
    const r = subject.reporter({ credentials });
    expect((await r.reportStatus(report())).outcome).toBe('applied');
    const expired = async () => (await cluster.request('GET', '/api', { token: expiring })).status === 401;
    await waitFor('the token to expire', expired, { interval: 500 });
    expect(await r.reportStatus(report(['a']))).toMatchObject({ outcome: 'applied', requests: 2 });
    expect(subject.exchanges.map(({ status }) => status)).toContain(401);
  });

  it('goes on with a new token when the old one was revoked during the run', async () => {
    const subject = await createSubject(target);
    let identity = await cluster.identity(subject.namespace, rules);
    const asked: boolean[] = [];
    const credentials = staticCredentials({
      server: cluster.server,
      token: ({ refresh }) => {
        asked.push(refresh);
        return identity.token;
      },
    });
    const r = subject.reporter({ credentials });
    expect((await r.reportStatus(report())).outcome).toBe('applied');
    await cluster.revoke(identity);
    await expect(r.reportStatus(report(['a']))).rejects.toMatchObject({ code: 'unauthorized' });
    identity = await cluster.renew(identity);
    expect((await r.reportStatus(report(['a']))).outcome).toBe('applied');
    expect(asked[0]).toBe(false);
    expect(asked).toContain(true);
  });

  it('delivers a report that began while the API server was down', async () => {
    const subject = await createSubject(target);
    const r = subject.reporter({ totalTimeout: 150_000, random: () => 0.99 });
    await r.reportStatus(report());
    await cluster.stopApiserver();
    const delivery = r.reportStatus(report(['a']));
    await cluster.startApiserver();
    expect(await delivery).toMatchObject({ outcome: 'applied' });
    expect((await subject.get()).status.backendCount).toBe(1);
  });

  it('says unavailable or timeout within totalTimeout while it is down, and keeps the report for the shutdown', async () => {
    const subject = await createSubject(target);
    const r = subject.reporter({ totalTimeout: 5_000, shutdownTimeout: 150_000, random: () => 0.99 });
    await r.reportStatus(report());
    await cluster.stopApiserver();
    await expect(r.reportStatus(report(['a']))).rejects.toMatchObject({
      code: expect.stringMatching(/^(unavailable|timeout)$/),
    });
    const flushed = r[Symbol.asyncDispose]();
    await cluster.startApiserver();
    await flushed;
    expect((await subject.get()).status.backendCount).toBe(1);
  });

  it('serves unchanged reports after a restart, whose cache has not seen the last write at first', async () => {
    const subject = await createSubject(target);
    const r = subject.reporter({ totalTimeout: 150_000 });
    await r.reportStatus(report());
    await cluster.restart();
    expect((await r.reportStatus(report())).outcome).toBe('unchanged');
  });
});
