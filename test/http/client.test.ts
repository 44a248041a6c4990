import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listeningService } from '../entry/service.ts';
import { bareEnvironment, runProcess } from '../support/child-process.ts';
import { projectRoot } from '../support/sources.ts';
import { startCluster } from './cluster-server.ts';

it("the example with Hono's client reports, follows a delivery, and reads", async () => {
  await using cluster = await startCluster();
  await using service = await listeningService({ env: { VMCP_KUBERNETES_SERVER: cluster.url } });
  const lines: string[] = [];
  const node = join(projectRoot, 'node_modules', '.bin', 'node');
  await runProcess(node, ['examples/client.ts', service.url], {
    cwd: projectRoot,
    env: bareEnvironment('/nowhere'),
    timeout: 120_000,
    line: line => lines.push(line),
  });
  expect(lines).toStrictEqual([
    'reported: applied',
    'delivery: delivered',
    'the cluster says: Ready, All is well',
    'known: default/demo Ready',
    expect.stringMatching(/^invalid_status: \/backendCount: expected .*-1/),
  ]);
});
