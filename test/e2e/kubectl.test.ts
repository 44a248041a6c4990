// kubectl itself against `vmcp-status embedded`, with the kubeconfig that it writes.
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { bareEnvironment, type RunningProcess, startProcess } from '../support/child-process.ts';
import { projectRoot } from '../support/sources.ts';
import { findKubectl } from './binaries.ts';
import { waitFor } from './wait.ts';

const run = promisify(execFile);
const entry = join(projectRoot, 'dist', 'entry', 'cli.js');

let folder: string;
let kubectl: string;
let env: Record<string, string>;
let embedded: RunningProcess;

/** Runs kubectl, and gives what it prints. */
const k = async (...args: string[]) => (await run(kubectl, args, { env, cwd: folder })).stdout;
/** Runs vmcp-status with something on its standard input. */
async function vmcpStatus(args: string[], input: object): Promise<void> {
  const path = join(folder, 'input.json');
  await writeFile(path, JSON.stringify(input));
  await run(process.execPath, [entry, ...args, '-f', path], { env, cwd: folder });
}

/** A program that kubectl takes for an editor. */
async function editor(script: string): Promise<Record<string, string>> {
  const path = join(folder, 'editor.sh');
  await writeFile(path, `#!/bin/sh\nset -e\n${script}\n`);
  await chmod(path, 0o755);
  return { ...env, EDITOR: path };
}

beforeAll(async () => {
  await run(process.execPath, [join(projectRoot, 'scripts', 'build.ts')], { cwd: projectRoot });
  folder = await mkdtemp(join(tmpdir(), 'vmcp-kubectl-'));
  kubectl = await findKubectl();
  env = {
    ...bareEnvironment(folder),
    TMPDIR: folder,
    KUBECONFIG: join(folder, 'vmcp-status.kubeconfig'),
  };
  let output = '';
  embedded = startProcess(process.execPath, [entry, 'embedded', 'demo', 'team/search'], {
    cwd: folder,
    env: bareEnvironment(folder),
    line: text => {
      output += text;
    },
  });
  await waitFor('the fake API server', async () => output.includes('kubectl get'));
});

afterAll(async () => {
  embedded.process.kill('SIGTERM');
  expect(await embedded.ended).toMatchObject({ code: 0 });
  await rm(folder, { recursive: true, force: true });
});

describe('kubectl with the embedded API server', () => {
  it('gets the resource as a table, by each of its names', async () => {
    await vmcpStatus(['report', 'demo'], { phase: 'Ready', message: 'up', backendCount: 2 });
    for (const type of ['virtualmcpservers', 'virtualmcpserver', 'vmcp']) {
      const [heading = '', row = ''] = (await k('get', type)).split('\n');
      expect(heading.split(/ +/)).toStrictEqual(['NAME', 'PHASE', 'URL', 'BACKENDS', 'AGE', 'READY']);
      expect(row).toMatch(/^demo +Ready +2 +\d+s/);
    }
    expect(await k('get', 'vmcp', '--all-namespaces')).toMatch(/team +search/);
  });

  it('gets it as YAML, and by JSONPath', async () => {
    const object = parse(await k('get', 'vmcp', 'demo', '-o', 'yaml'));
    expect(object).toMatchObject({ kind: 'VirtualMCPServer', status: { phase: 'Ready', message: 'up' } });
    expect(await k('get', 'vmcp', 'demo', '-o', 'jsonpath={.status.phase}')).toBe('Ready');
    await expect(k('get', 'vmcp', 'nobody')).rejects.toThrow(/NotFound.*"nobody" not found/);
  });

  it('describes and explains it', async () => {
    const text = await k('describe', 'virtualmcpserver', 'demo');
    expect(text).toMatch(/^Name: +demo$/m);
    expect(text).toMatch(/^ +Phase: +Ready$/m);
    expect(await k('explain', 'virtualmcpserver.status.phase')).toMatch(/ENUM:\s+Pending\s+Ready\s/);
  });

  it('watches it', async () => {
    const lines: string[] = [];
    const args = ['get', 'vmcp', 'demo', '--watch', '-o', 'jsonpath={.status.phase}{"\\n"}'];
    const watch = startProcess(kubectl, args, { cwd: folder, env, line: text => lines.push(text) });
    try {
      await waitFor('the first line', async () => lines.length === 1);
      await vmcpStatus(['report', 'demo'], { phase: 'Degraded' });
      await vmcpStatus(['report', 'demo'], { phase: 'Failed' });
      await waitFor('two changes', async () => lines.length === 3);
      expect(lines).toStrictEqual(['Ready', 'Degraded', 'Failed']);
    } finally {
      await watch.stop();
    }
  });

  it('edits it', async () => {
    const edit = await editor('sed -i "s/sessionAffinity: ClientIP/sessionAffinity: None/" "$1"');
    const { stdout } = await run(kubectl, ['edit', 'vmcp', 'demo'], { env: edit, cwd: folder });
    expect(stdout).toContain('demo edited');
    const { metadata, spec, status } = JSON.parse(await k('get', 'vmcp', 'demo', '-o', 'json'));
    expect(spec.sessionAffinity).toBe('None');
    expect(metadata.generation).toBe(2);
    expect(status.phase).toBe('Failed');
  });

  it('is told what is wrong with an edit', async () => {
    const edit = await editor('sed -i "s/sessionAffinity: None/sessionAffinity: Sometimes/" "$1"');
    const { stderr } = await run(kubectl, ['edit', 'vmcp', 'demo'], { env: edit, cwd: folder }).then(
      () => expect.unreachable('it was accepted'),
      error => error,
    );
    const [, copy = ''] = /stored to "(.*)"/.exec(stderr) ?? [];
    expect(await readFile(copy, 'utf8')).toMatch(/# \* spec.sessionAffinity: Unsupported value: "Sometimes"/);
  });

  it('patches and edits the status alone', async () => {
    const patch = JSON.stringify({ status: { phase: 'Degraded' }, spec: { sessionAffinity: 'ClientIP' } });
    await k('patch', 'vmcp', 'demo', '--subresource=status', '--type=merge', '-p', patch);
    const edit = await editor('sed -i "s/phase: Degraded/phase: Pending/" "$1"');
    await run(kubectl, ['edit', 'vmcp', 'demo', '--subresource=status'], { env: edit, cwd: folder });
    const { spec, status } = JSON.parse(await k('get', 'vmcp', 'demo', '-o', 'json'));
    expect([status.phase, spec.sessionAffinity]).toStrictEqual(['Pending', 'None']);
  });

  it('applies a manifest, and deletes it', async () => {
    const path = join(folder, 'object.yaml');
    const spec = 'spec: {groupRef: {name: default}, incomingAuth: {type: anonymous}}';
    await writeFile(
      path,
      `apiVersion: toolhive.stacklok.dev/v1beta1\nkind: VirtualMCPServer\nmetadata: {name: extra}\n${spec}\n`,
    );
    expect(await k('apply', '-f', path)).toContain('extra created');
    expect(await k('apply', '-f', path)).toContain('extra unchanged');
    expect(await k('apply', '--server-side', '--force-conflicts', '-f', path)).toContain(
      'serverside-applied',
    );
    expect(await k('delete', 'vmcp', 'extra')).toContain('deleted');
  });
});
