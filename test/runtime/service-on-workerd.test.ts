// The service as it is deployed to Workers: the exported Worker, bundled, in workerd. What requests share there, and what
// they must not, shows only in the real runtime.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InstalledPackage, installPackage } from '../support/installed-package.ts';
import { type RunningWorker, serviceObjects, startWorker } from '../support/workerd.ts';
import { type Servers, startServers } from './servers.ts';

let installed: InstalledPackage;
let servers: Servers;
let worker: RunningWorker;

beforeAll(async () => {
  [installed, servers] = await Promise.all([installPackage(), startServers()]);
  await writeFile(
    join(installed.folder, 'service.ts'),
    "export { default, StatusDelivery, StatusIndex } from 'vmcp-status-reporter/workers';\n",
  );
  worker = await startWorker({
    folder: installed.folder,
    entry: 'service.ts',
    trusted: servers.context.ca,
    objects: serviceObjects(join(installed.folder, 'disk')),
    bindings: {
      SERVICE_TOKEN: 'of-the-callers',
      VMCP_KUBERNETES_SERVER: servers.context.servers.main,
      VMCP_KUBERNETES_TOKEN: servers.context.token,
    },
  });
});
afterAll(async () => {
  await worker.stop();
  await servers.close();
  await installed.remove();
});

async function report(name: string, body: object, signal = AbortSignal.timeout(60_000)): Promise<number> {
  const { namespace } = servers.context;
  const response = await fetch(`${worker.url}/v1/namespaces/${namespace}/virtualmcpservers/${name}/status`, {
    method: 'PUT',
    headers: { authorization: 'Bearer of-the-callers', 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
  await response.text();
  return response.status;
}

/** Lets the API server take its time over a resource, or (0) no longer. */
async function delay(name: string, milliseconds: number): Promise<void> {
  await fetch(`${servers.context.control}/delay`, {
    method: 'POST',
    body: JSON.stringify({ name, milliseconds }),
  });
}

describe('the service on workerd', () => {
  it('has the page and the documentation in its code: a Worker of somebody else binds no assets', async () => {
    for (const [path, text] of [
      ['/', '<main>'],
      ['/docs', 'reportStatus'],
      ['/openapi.json', '"reportStatus"'],
    ] as const) {
      const answer = await fetch(worker.url + path, { headers: { authorization: 'Bearer of-the-callers' } });
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain(text);
    }
  });

  it('answers every one of reports that overlap, and the one after them', async () => {
    const { api, context } = servers;
    api.create({ namespace: context.namespace, name: 'busy' });
    await delay('busy', 100);
    const counts = [1, 2, 3, 4, 5];
    const answers = await Promise.all(
      counts.map(backendCount => report('busy', { phase: 'Ready', backendCount })),
    );
    expect(answers).toEqual(counts.map(() => 200));
    await delay('busy', 0);
    expect(await report('busy', { phase: 'Degraded' })).toBe(200);
    expect(api.get(context.namespace, 'busy')?.status).toMatchObject({ phase: 'Degraded' });
  });

  it('goes on after a caller that went away', async () => {
    const { api, context } = servers;
    api.create({ namespace: context.namespace, name: 'left' });
    await delay('left', 500);
    await expect(report('left', { phase: 'Failed' }, AbortSignal.timeout(100))).rejects.toThrow();
    await delay('left', 0);
    expect(await report('left', { phase: 'Ready' })).toBe(200);
    expect(api.get(context.namespace, 'left')?.status).toMatchObject({ phase: 'Ready' });
  });
});
