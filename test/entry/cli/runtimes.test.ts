import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { bareEnvironment, startProcess } from '../../support/child-process.ts';
import { projectRoot } from '../../support/sources.ts';
import { programs, type RuntimeName } from '../service.ts';
import { folder } from './support.ts';

/** vmcp-status as it is built, in a folder of its own. */
async function program(runtime: RuntimeName) {
  const cwd = await folder();
  const env = { ...bareEnvironment(cwd), KUBECONFIG: join(cwd, 'vmcp-status.kubeconfig') };
  const command = join(projectRoot, 'node_modules', '.bin', runtime);
  const words = (args: string[]) => [
    ...programs[runtime],
    join(projectRoot, 'dist', 'entry', 'cli.js'),
    ...args,
  ];

  /** Runs it to its end. */
  async function run(args: string[], input = '') {
    const child = spawn(command, words(args), { cwd, env });
    child.stdin.end(input);
    const ended = new Promise<number | null>(resolve => child.once('close', resolve));
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await ended, out, err };
  }

  /** Starts it; what it prints is seen line by line. */
  function start(args: string[]) {
    let out = '';
    let saw = () => {};
    const running = startProcess(command, words(args), {
      cwd,
      env,
      line(line) {
        out += `${line}\n`;
        saw();
      },
    });
    onTestFinished(() => running.stop());
    return {
      out: () => out,
      async seen(pattern: RegExp) {
        while (!pattern.test(out)) await new Promise<void>(resolve => (saw = resolve));
      },
      async end(signal: NodeJS.Signals) {
        running.process.kill(signal);
        return { ...(await running.ended), err: running.errors() };
      },
      /** Nobody reads on. */
      leave: () => void running.process.stdout?.destroy(),
      ended: running.ended.then(({ code }) => ({ code, err: running.errors() })),
    };
  }

  return { cwd, run, start };
}

describe.each(Object.keys(programs) as RuntimeName[])('vmcp-status on %s', runtime => {
  it('goes all the way: embedded, backends, report, get, watch', async () => {
    const { cwd, run, start } = await program(runtime);
    const embedded = start(['embedded']);
    await embedded.seen(/vmcp-status report demo/);
    const kubeconfig = parse(await readFile(join(cwd, 'vmcp-status.kubeconfig'), 'utf8'));
    expect(kubeconfig).toMatchObject({ kind: 'Config', contexts: [{ context: { namespace: 'default' } }] });

    const watch = start(['watch']);
    await watch.seen(/default\/demo/);
    const health = '[{"name":"github","health":"healthy"},{"name":"jira","health":"unhealthy"}]';
    const status = await run(['backends', '-o', 'yaml'], health);
    expect(status).toMatchObject({ code: 0, err: '' });
    const report = await run(['report', 'demo'], status.out);
    expect(report).toMatchObject({ code: 0, out: expect.stringContaining('default/demo: applied'), err: '' });
    const { out } = await run(['get', 'demo', '-o', 'json']);
    expect(JSON.parse(out)).toMatchObject({ status: { phase: 'Degraded', backendCount: 1 } });
    await watch.seen(/\+jira unavailable/);
    expect(await watch.end('SIGINT')).toStrictEqual({ code: 0, signal: null, err: '' });
    expect(await embedded.end('SIGTERM')).toStrictEqual({ code: 0, signal: null, err: '' });
    expect(await run(['get', 'demo', '--timeout', '0.2'])).toMatchObject({ code: 1, out: '' });
  });

  it('ends with what went wrong', async () => {
    const { run } = await program(runtime);
    expect(await run(['repot'])).toMatchObject({ code: 2, out: '' });
    expect(await run(['get', 'demo'])).toMatchObject({ code: 2, out: '' });
    expect(await run(['backends'], '[{"name":"a"}]')).toMatchObject({ code: 3, out: '' });
  });

  it('ends well where the reader of its output has enough, as `head` does', async () => {
    const { run, start } = await program(runtime);
    const embedded = start(['embedded']);
    await embedded.seen(/vmcp-status report demo/);
    const watch = start(['watch']);
    await watch.seen(/default\/demo/);
    watch.leave();
    await run(['report', 'demo'], '{"phase":"Ready"}');
    expect(await watch.ended).toStrictEqual({ code: 0, err: '' });
  });

  it('prints all of a long manifest into a pipe', async () => {
    const { run } = await program(runtime);
    const { code, out } = await run(['manifest', 'demo', '-o', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(out).items).toHaveLength(5);
  });
});
