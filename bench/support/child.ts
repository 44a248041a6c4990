/** Processes of a bench, each on a core of its own where the platform can, driven by calls over their IPC channel. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** Where a process runs: servers on the first core, what is measured on the second. */
export type Core = 'server' | 'client';

const coreNumbers: Record<Core, number> = { server: 0, client: 1 };
const canPin =
  availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' }).status === 0;

/** A runtime whose processes can be called. */
export type Runtime = 'node' | 'bun';

const runtimes: Record<Runtime, string> = {
  node: process.execPath,
  bun: join(import.meta.dirname, '../../node_modules/.bin/bun'),
};

/** The command line that runs `command` on that core; the same command where the platform cannot pin. */
export function pinned(core: Core, command: string, args: readonly string[]): [string, ...string[]] {
  return canPin ? ['taskset', '-c', String(coreNumbers[core]), command, ...args] : [command, ...args];
}

/** Whether processes are pinned, for the notes of a table. */
export const pinning = canPin
  ? 'Server and client run on cores of their own.'
  : 'This platform has no taskset, or one core: server and client share what there is.';

/** This process's environment without what would change what TLS costs. */
export function childEnvironment(more: Record<string, string> = {}): Record<string, string> {
  const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, ...rest } = process.env;
  return { ...(rest as Record<string, string>), ...more };
}

/** A child process that answers calls. */
export interface BenchChild {
  readonly pid: number;
  /** Calls a function that the child gave to `answerCalls`. */
  call<T>(name: string, argument?: unknown): Promise<T>;
  stop(): Promise<void>;
}

export interface BenchChildOptions {
  readonly core: Core;
  /** What runs it. Default `node`. */
  readonly runtime?: Runtime;
  /** More of its command line, after the script. */
  readonly args?: readonly string[];
  /** Of node itself: `--cpu-prof`, `--expose-gc`. */
  readonly nodeArgs?: readonly string[];
  readonly env?: Record<string, string>;
}

/** Starts a TypeScript or JavaScript module as a process of its own, which calls {@link answerCalls}. */
export function startBenchChild(script: string, options: BenchChildOptions): BenchChild {
  const { core, runtime = 'node', args = [], nodeArgs = [], env } = options;
  const [command, ...rest] = pinned(core, runtimes[runtime], [...nodeArgs, script, ...args]);
  const child = spawn(command, rest, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: childEnvironment(env),
    // All that Bun understands.
    serialization: runtime === 'node' ? 'advanced' : 'json',
  });
  const pending = new Map<number, { resolve(value: any): void; reject(error: unknown): void }>();
  let next = 0;
  let ended: Error | undefined;
  child.on('message', ({ id, value, error }: { id: number; value?: unknown; error?: string }) => {
    const waiting = pending.get(id);
    pending.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(`${script}: ${error}`));
  });
  const gone = new Promise<void>(resolve => {
    const end = (why: unknown) => {
      ended = new Error(`${script} ended: ${why}`);
      for (const { reject } of pending.values()) reject(ended);
      resolve();
    };
    child.once('error', end);
    child.once('exit', (code, signal) => end(signal ?? code));
  });
  return {
    pid: child.pid ?? 0,
    call: (name, argument) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        const id = next++;
        pending.set(id, { resolve, reject });
        child.send({ id, name, argument });
      }),
    stop: () => stop(child, gone),
  };
}

/** The child's side: answers calls until the parent is gone. */
export function answerCalls(functions: Readonly<Record<string, (argument: any) => unknown>>): void {
  process.on('message', async ({ id, name, argument }: { id: number; name: string; argument: unknown }) => {
    try {
      const answer = functions[name];
      if (answer === undefined) throw new Error(`no function ${name}; there are ${Object.keys(functions)}`);
      process.send?.({ id, value: await answer(argument) });
    } catch (error) {
      process.send?.({ id, error: (error as Error)?.stack ?? String(error) });
    }
  });
  process.once('disconnect', () => process.exit(0));
}

/** Disconnected it ends by itself, and so writes the profile that it was asked for. */
async function stop(child: ChildProcess, gone: Promise<void>): Promise<void> {
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(timer);
}
