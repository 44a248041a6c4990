/** The Go reference's K8sReporter as a process that is driven like the other contestants; built where it is missing. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type BenchChild, childEnvironment, pinned } from '../support/child.ts';

const folder = join(import.meta.dirname, 'reference');

let built: Promise<string> | undefined;

/** The program's path; built once. @throws Error where there is no Go, or it is older than go.mod says */
export function buildReference(): Promise<string> {
  built ??= build();
  return built;
}

async function build(): Promise<string> {
  const cache = join(
    process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'),
    'vmcp-status-reporter',
    'bench',
  );
  await mkdir(cache, { recursive: true });
  const program = join(cache, 'reference');
  await runGo(['build', '-o', program, '.']);
  return program;
}

/** @throws Error as {@link buildReference} */
export async function startReference(): Promise<BenchChild> {
  const program = await buildReference();
  const [command, ...args] = pinned('client', program, []);
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env: childEnvironment() });
  const waiting: { resolve(value: any): void; reject(error: unknown): void }[] = [];
  createInterface({ input: child.stdout }).on('line', line => {
    const { value, error } = JSON.parse(line) as { value: unknown; error?: string };
    const call = waiting.shift();
    if (error === undefined) call?.resolve(value);
    else call?.reject(new Error(`reference: ${error}`));
  });
  const gone = once(child, 'exit').then(([code]) => {
    for (const { reject } of waiting) reject(new Error(`reference ended with ${code}`));
  });
  return {
    pid: child.pid ?? 0,
    call: (name, argument) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${JSON.stringify({ name, argument })}\n`);
      }),
    async stop() {
      child.stdin.end();
      await gone;
    },
  };
}

async function runGo(args: readonly string[]): Promise<void> {
  const go = spawn('go', args, {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: childEnvironment(),
  });
  const [code] = (await once(go, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`go ${args[0]} ended with ${code} in bench/peers/reference`);
}
