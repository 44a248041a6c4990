import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bareEnvironment, startProcess } from '../support/child-process.ts';
import { projectRoot } from '../support/sources.ts';

/** How each runtime starts a built program. */
export const programs = {
  node: [],
  bun: ['run', '--bun', '--no-install'],
  deno: ['run', '--node-modules-dir=manual', '--cached-only', '--no-prompt', '--allow-all'],
} as const;

export type RuntimeName = keyof typeof programs;

export interface ServiceOptions {
  runtime?: RuntimeName;
  args?: readonly string[];
  env?: Record<string, string>;
  /** Home directory. Default: an empty one. */
  home?: string;
  /** Whether a shell stands between, as it does under `npm start`. Default: none. */
  shell?: boolean;
}

/** Starts the service and does not wait for anything. */
export async function startService({
  runtime = 'node',
  args = ['--port', '0'],
  env = {},
  home,
  shell = false,
}: ServiceOptions = {}) {
  const emptyHome = await mkdtemp(join(tmpdir(), 'vmcp-home-'));
  let output = '';
  let saw = () => {};
  const command = [
    join(projectRoot, 'node_modules', '.bin', runtime),
    ...programs[runtime],
    join(projectRoot, 'dist', 'entry', 'cli.js'),
    'serve',
    ...args,
  ];
  const [program = '', ...rest] = shell ? ['sh', '-c', '"$0" "$@"; true', ...command] : command;
  const running = startProcess(program, rest, {
    cwd: projectRoot,
    env: { ...bareEnvironment(home ?? emptyHome), ...env },
    line(text) {
      output += `${text}\n`;
      saw();
    },
  });
  const ended = running.ended.finally(() => rm(emptyHome, { recursive: true, force: true }));

  /** Waits until the output matches. */
  async function seen(pattern: RegExp): Promise<RegExpExecArray> {
    const gone = ended.then(({ code }) => {
      throw new Error(
        `The service ended with ${code} before it said ${pattern}: ${output}${running.errors()}`,
      );
    });
    gone.catch(() => {});
    for (;;) {
      const match = pattern.exec(output);
      if (match) return match;
      await Promise.race([new Promise<void>(resolve => (saw = resolve)), gone]);
    }
  }

  return {
    seen,
    output: () => output,
    errors: running.errors,
    ended,
    signal: (name: NodeJS.Signals) => running.process.kill(name),
    async [Symbol.asyncDispose]() {
      await running.stop();
      await ended;
    },
  };
}

/** Starts the service and waits until it has said what it has to say. */
export async function listeningService(options?: ServiceOptions) {
  const service = await startService(options);
  const [, url = ''] = await service.seen(
    /listens on (\S+);[\s\S]*Read the[\s\S]*\n {2}curl '.*'(?: \\\n.*)*\n/,
  );
  const commands = service.output().match(/^ {2}curl (?:.*\\\n)*.*$/gm) ?? [];
  return Object.assign(service, { url, commands });
}
