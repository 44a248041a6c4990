// The cluster itself: what the other files of this suite take for granted.
import { Agent, request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSubject } from '../contract/http/subject.ts';
import { type Cluster, startCluster } from './cluster.ts';
import { readOwnCrd, readRealCrd, v1alpha1Only, without } from './crds.ts';
import { clusterTarget } from './target.ts';

const beta = '/apis/toolhive.stacklok.dev/v1beta1';
const alpha = '/apis/toolhive.stacklok.dev/v1alpha1';
const unknown = 'discoveredBackends[name="a"].mcpRevision: field not declared in schema';

describe('cluster', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
    await cluster.installCrd(readOwnCrd());
  });
  afterAll(() => cluster?.close());

  it('keeps its objects and tokens across a restart of the API server', async () => {
    const subject = await createSubject(clusterTarget(cluster));
    const identity = await cluster.identity(subject.namespace, [
      { verbs: ['get'], resources: ['virtualmcpservers'] },
    ]);
    const before = cluster.pid;
    await cluster.restart();
    expect(cluster.pid).not.toBe(before);
    const answer = await cluster.request('GET', subject.path, { token: identity.token });
    expect(answer.json).toEqual(subject.created);
  });

  it('refuses connections while the API server is stopped', async () => {
    await cluster.stopApiserver();
    await expect(cluster.request('GET', '/readyz')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await cluster.startApiserver();
    expect((await cluster.request('GET', '/readyz')).status).toBe(200);
  });

  it('accepts client certificates of its client CA and reads user and groups from them', async () => {
    const { cert, key } = await cluster.clientCertificate('alice', ['team-a', 'system:masters']);
    const agent = new Agent({ ca: cluster.ca, cert, key });
    const body = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' });
    const review = await new Promise<string>((resolve, reject) => {
      const url = `${cluster.server}/apis/authentication.k8s.io/v1/selfsubjectreviews`;
      const headers = { 'content-type': 'application/json' };
      const call = request(url, { method: 'POST', agent, headers }, answer => {
        let text = '';
        answer.on('data', chunk => {
          text += chunk;
        });
        answer.once('end', () => resolve(text));
      });
      call.once('error', reject);
      call.end(body);
    });
    agent.destroy();
    const { username, groups } = JSON.parse(review).status.userInfo;
    expect(username).toBe('alice');
    expect(groups).toEqual(['team-a', 'system:masters', 'system:authenticated']);
  });

  it('revokes a token and renews it for the same rights', async () => {
    const subject = await createSubject(clusterTarget(cluster));
    const old = await cluster.identity(subject.namespace, [
      { verbs: ['get'], resources: ['virtualmcpservers'] },
    ]);
    const read = async (token: string) => (await cluster.request('GET', subject.path, { token })).status;
    expect(await read(old.token)).toBe(200);
    await cluster.revoke(old);
    expect(await read(old.token)).toBe(401);
    expect(await read((await cluster.renew(old)).token)).toBe(200);
  });

  it('counts the revisions of our resources only', async () => {
    const subject = await createSubject(clusterTarget(cluster));
    const before = await cluster.etcdRevision();
    await cluster.createNamespace();
    await subject.mergePatch({});
    expect(await cluster.etcdRevision()).toBe(before);
    const { json } = await subject.mergePatch({ status: { phase: 'Ready' } });
    expect(await cluster.etcdRevision()).toBe(Number(json.metadata.resourceVersion));
  });

  it('measures the processor time of the API server', async () => {
    const before = cluster.cpuSeconds();
    for (let round = 0; round < 200; round++) await cluster.request('GET', '/apis');
    expect(cluster.cpuSeconds()).toBeGreaterThan(before);
  });

  for (const [name, crd] of Object.entries({ real: readRealCrd(), smaller: readOwnCrd() })) {
    if (crd === undefined) continue;

    it(`serves v1alpha1 alone, with the ${name} definition`, async () => {
      await cluster.installCrd(v1alpha1Only(crd));
      expect((await cluster.request('GET', `${alpha}/virtualmcpservers`)).status).toBe(200);
      const answer = await cluster.request('GET', `${beta}/virtualmcpservers`);
      expect([answer.status, answer.text.trim()]).toEqual([404, '404 page not found']);
    });

    it(`serves a definition without mcpRevision, and then upgraded in place, with the ${name} definition`, async () => {
      await cluster.installCrd(without(crd, ['mcpRevision']));
      const subject = await createSubject(clusterTarget(cluster));
      const apply = () => subject.apply({ discoveredBackends: [{ name: 'a', mcpRevision: '2025-11-25' }] });
      expect(await apply()).toMatchObject({
        status: 500,
        text: expect.stringContaining('field not declared in schema'),
      });
      expect((await apply()).json.message).toContain(unknown);
      await cluster.upgradeCrd(crd, async () => (await apply()).status === 200);
      expect((await subject.get()).metadata.uid).toBe(subject.created.metadata.uid);
    });
  }
});
