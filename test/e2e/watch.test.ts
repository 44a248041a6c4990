// `vmcp-status watch` on a real API server: lists, bookmarks, resumption, and what it may not.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { follow } from '../../src/api/follow.ts';
import { givenTransport } from '../../src/transport/given.ts';
import type { TransportRequest } from '../../src/types.ts';
import { cli, folder, start } from '../entry/cli/support.ts';
import { attachCluster } from './cluster-client.ts';
import { readOwnCrd, readRealCrd } from './crds.ts';
import type { Identity } from './identities.ts';
import { clusterTarget } from './target.ts';

const cluster = attachCluster(inject('cluster'));
const target = clusterTarget(cluster);
const group = 'toolhive.stacklok.dev';

beforeAll(() => cluster.installCrd(readRealCrd() ?? readOwnCrd()));
afterAll(async () => {
  cluster.disconnect();
  await target.transport.close();
});

async function resource() {
  const namespace = await cluster.createNamespace('watch');
  const objects = `/apis/${group}/v1beta1/namespaces/${namespace}/virtualmcpservers`;
  const body = {
    apiVersion: `${group}/v1beta1`,
    kind: 'VirtualMCPServer',
    metadata: { name: 'demo' },
    spec: { groupRef: { name: 'default' }, incomingAuth: { type: 'anonymous' } },
  };
  expect(await cluster.request('POST', objects, { body })).toMatchObject({ status: 201 });
  const set = async (phase: string) => {
    const headers = { 'content-type': 'application/merge-patch+json' };
    const answer = await cluster.request('PATCH', `${objects}/demo/status`, {
      headers,
      body: { status: { phase } },
    });
    expect(answer.status).toBe(200);
  };
  const remove = () => cluster.request('DELETE', `${objects}/demo`);
  return { namespace, set, remove };
}

async function kubeconfig({ kubeconfig }: Identity): Promise<string> {
  const path = join(await folder(), 'config');
  await writeFile(path, kubeconfig);
  return path;
}

const watching = [{ verbs: ['list', 'watch'], resources: ['virtualmcpservers'], resourceNames: ['demo'] }];

describe('vmcp-status watch on kube-apiserver', () => {
  it('tells every change, with the rights to list and watch the one resource', async () => {
    const { namespace, set, remove } = await resource();
    const config = await kubeconfig(await cluster.identity(namespace, watching));
    const watch = start(['watch', 'demo', '--kubeconfig', config]);
    await watch.seen(/\/demo/);
    await set('Ready');
    await watch.seen(/→ Ready/);
    await set('Failed');
    await watch.seen(/Ready → Failed/);
    await remove();
    await watch.seen(/deleted/);
    watch.interrupt();
    expect(await watch.ended).toBe(0);
    expect(watch.err()).toBe('');
  });

  it('ends with 5 without them', async () => {
    const { namespace } = await resource();
    const config = await kubeconfig(await cluster.identity(namespace, watching));
    const ended = await cli(['watch', '-n', namespace, '--kubeconfig', config]);
    expect(ended).toMatchObject({ code: 5, out: '' });
    expect(ended.err).toMatch(/cannot list resource/);
  });

  it('goes on where short watches end, without another list and without telling anything twice', async () => {
    const { namespace, set } = await resource();
    const requests: TransportRequest[] = [];
    const controller = new AbortController();
    onTestFinished(() => controller.abort());
    const changes = follow({
      scope: { namespace },
      signal: controller.signal,
      watchSeconds: 1,
      random: () => 0,
      async connect() {
        const { transport } = target;
        const request = (asked: TransportRequest) => {
          requests.push(asked);
          return transport.request(asked);
        };
        const access = { server: cluster.server, token: cluster.adminToken };
        return { access, transport: givenTransport({ request, close: async () => {} }) };
      },
    });
    const told: unknown[] = [];
    const sets: Promise<void>[] = [];
    const phases = ['Ready', 'Degraded', 'Failed', 'Ready'];
    for await (const { object } of changes) {
      told.push((object.status as { phase?: string } | undefined)?.phase);
      const next = phases[told.length - 1];
      if (next === undefined) break;
      // Not now, but when this watch is over: the next one has to bring it.
      const before = requests.length;
      const over = expect.poll(() => requests.length).toBeGreaterThan(before);
      sets.push(over.then(() => set(next)));
    }
    // A change may be told of before its own answer is there.
    await Promise.all(sets);
    expect(told.slice(1)).toStrictEqual(phases);
    const lists = requests.filter(({ url }) => !url.includes('watch=true'));
    expect(lists).toHaveLength(1);
  });
});
