// The examples as they stand, each in its runtime, against the fake API server over TLS.
import { copyFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareEnvironment, runProcess, startProcess } from '../support/child-process.ts';
import { type InstalledPackage, installPackage } from '../support/installed-package.ts';
import { projectRoot } from '../support/sources.ts';
import { startWorker } from '../support/workerd.ts';
import { commandLine } from './runtimes.ts';
import { type Servers, startServers } from './servers.ts';

let installed: InstalledPackage;
let servers: Servers;
let backend: Server;
let backendUrl: string;

beforeAll(async () => {
  backend = createServer((_, response) => response.end('ok'));
  await new Promise<void>(resolve => backend.listen(0, '127.0.0.1', resolve));
  backendUrl = `http://127.0.0.1:${(backend.address() as AddressInfo).port}/mcp`;
  [installed, servers] = await Promise.all([installPackage(), startServers()]);
  for (const file of ['node.mjs', 'bun.ts', 'deno.ts', 'workers/worker.ts']) {
    await copyFile(join(projectRoot, 'examples', file), join(installed.folder, basename(file)));
  }
});
afterAll(async () => {
  backend.close();
  await servers.close();
  await installed.remove();
});

/** A resource for one example; gives its environment. */
function resource(name: string): Record<string, string> {
  const { namespace } = servers.context;
  servers.api.create({ namespace, name });
  return { VMCP_NAME: name, VMCP_NAMESPACE: namespace };
}

const statusOf = (name: string) => servers.api.get(servers.context.namespace, name)?.status;

describe('the example', () => {
  it.each([
    ['node', 'node.mjs'],
    ['bun', 'bun.ts'],
    ['deno', 'deno.ts'],
  ] as const)('for %s reports while it runs, and says so when it is stopped', async (runtime, file) => {
    const [command, args] = commandLine(runtime, file);
    const lines: string[] = [];
    const child = startProcess(command, [...args, backendUrl, 'http://127.0.0.1:1/mcp'], {
      cwd: installed.folder,
      env: { ...bareEnvironment(installed.folder), ...resource(runtime), KUBECONFIG: servers.kubeconfig },
      line: line => lines.push(line),
    });
    try {
      await expect.poll(() => [...lines, child.errors()]).toEqual(['status: applied', '']);
      expect(statusOf(runtime)).toMatchObject({ phase: 'Degraded', backendCount: 1 });
      expect(statusOf(runtime)?.['discoveredBackends']).toContainEqual(
        expect.objectContaining({ url: backendUrl, status: 'ready' }),
      );
      child.process.kill('SIGTERM');
      expect(await child.ended, child.errors()).toEqual({ code: 0, signal: null });
      expect(statusOf(runtime)).toMatchObject({ phase: 'Pending', message: 'The gateway was stopped' });
    } finally {
      await child.stop();
    }
  });

  it('for Workers reports on a POST', async () => {
    const worker = await startWorker({
      folder: installed.folder,
      entry: 'worker.ts',
      trusted: servers.context.ca,
      bindings: {
        ...resource('worker'),
        BACKENDS: backendUrl,
        VMCP_KUBERNETES_SERVER: servers.context.servers.main,
        VMCP_KUBERNETES_TOKEN: servers.context.token,
      },
    });
    try {
      const post = async () => {
        const response = await fetch(worker.url, { method: 'POST' });
        return ((await response.json()) as { outcome: string }).outcome;
      };
      expect(await post()).toBe('applied');
      // Health that was checked in the same second says nothing new to a reporter that remembers nothing.
      await expect.poll(post, { interval: 1 }).toBe('unchanged');
      expect(statusOf('worker')).toMatchObject({
        phase: 'Ready',
        backendCount: 1,
        discoveredBackends: [{ status: 'ready' }],
      });
    } finally {
      await worker.stop();
    }
  });

  it('for Deno passes the type check of Deno itself', async () => {
    const [command] = commandLine('deno', '');
    const args = ['check', '--node-modules-dir=manual', '--no-remote', 'deno.ts'];
    await runProcess(command, args, { cwd: installed.folder, timeout: 250_000 });
  });
});
