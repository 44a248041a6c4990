// How each runtime is started on the cases, with what it needs and no more.
import { join } from 'node:path';
import { bareEnvironment, runProcess } from '../support/child-process.ts';
import { projectRoot } from '../support/sources.ts';
import { startWorker } from '../support/workerd.ts';
import type { Context, Outcome } from './harness.ts';

const timeout = 250_000;

/** Runs all cases in one runtime, and tells each outcome as it comes. */
export type Runtime = (
  folder: string,
  context: Context,
  names: readonly string[],
  tell: (outcome: Outcome) => void,
) => Promise<void>;

/** A program of node_modules/.bin with its arguments before the script. */
export const programs = {
  node: ['node'],
  bun: ['bun', 'run', '--no-install'],
  // Exactly the permissions that the README names: the network, the token files, KUBECONFIG and friends, exec plugins.
  deno: [
    'deno',
    'run',
    '--node-modules-dir=manual',
    '--no-remote',
    '--cached-only',
    '--no-prompt',
    '--allow-net',
    '--allow-read',
    '--allow-env',
    '--allow-run',
    '--allow-sys',
  ],
} as const;

/** The command line that runs `script` in a runtime. */
export function commandLine(
  runtime: keyof typeof programs,
  script: string,
): [command: string, args: string[]] {
  const [program, ...flags] = programs[runtime];
  return [join(projectRoot, 'node_modules', '.bin', program), [...flags, script]];
}

export const runtimes: Record<Context['runtime'], Runtime> = {
  node: launch('node'),
  bun: launch('bun'),
  deno: launch('deno'),
  async workerd(folder, context, names, tell) {
    const worker = await startWorker({ folder, entry: 'run-workerd.ts', trusted: context.ca });
    try {
      for (const name of names) {
        const response = await fetch(`${worker.url}/${encodeURIComponent(name)}`, {
          method: 'POST',
          body: JSON.stringify(context),
          signal: AbortSignal.timeout(timeout),
        });
        if (!response.ok)
          throw new Error(`${name}: the Worker answered ${response.status} ${await response.text()}`);
        tell((await response.json()) as Outcome);
      }
    } finally {
      await worker.stop();
    }
  },
};

function launch(runtime: keyof typeof programs): Runtime {
  return async (folder, context, _, tell) => {
    const [command, args] = commandLine(runtime, `run-${runtime}.ts`);
    await runProcess(command, [...args, JSON.stringify(context)], {
      cwd: folder,
      env: bareEnvironment(folder),
      timeout,
      line: line => tell(JSON.parse(line)),
    });
  };
}
