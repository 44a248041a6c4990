// Runs other runtimes: what they print, and an end to them whatever happens.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface ProcessOptions {
  cwd: string;
  env?: Record<string, string>;
  /** Called for each line of standard output. */
  line?: (line: string) => void;
}

/** The environment of a machine without a cluster: nothing but what finding and starting programs needs. */
export function bareEnvironment(home: string): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: home, NO_COLOR: '1' };
}

/** Runs a program to its end and gives its standard error. Rejects when it fails or outlives `timeout` milliseconds. */
export async function runProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions & { timeout: number },
): Promise<string> {
  const child = startProcess(command, args, options);
  const timer = setTimeout(() => child.process.kill('SIGKILL'), options.timeout);
  const { code, signal } = await child.ended;
  clearTimeout(timer);
  if (code !== 0) {
    const why = signal === null ? `exit code ${code}` : `${signal} after ${options.timeout} ms at most`;
    throw new Error(`${command} ended with ${why}: ${child.errors()}`);
  }
  return child.errors();
}

export interface RunningProcess {
  process: ChildProcess;
  /** What it wrote to standard error so far. */
  errors(): string;
  ended: Promise<{ code: number | null; signal: string | null }>;
  stop(): Promise<void>;
}

/** Starts a program; the caller stops it. */
export function startProcess(
  command: string,
  args: readonly string[],
  { cwd, env, line }: ProcessOptions,
): RunningProcess {
  const child = spawn(command, args, {
    cwd,
    env: env ?? bareEnvironment(cwd),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', text => {
    errors += text;
  });
  const lines = createInterface({ input: child.stdout });
  lines.on('line', text => line?.(text));
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
    child.once('error', reject);
    // Not when it exits: what it has written may still be on its way.
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  return {
    process: child,
    errors: () => errors,
    ended,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
