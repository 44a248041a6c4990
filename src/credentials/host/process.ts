// Node, Bun and Deno. Loaded where a program is to be run: few kubeconfigs name one.
import { execFile } from 'node:child_process';
import { env as inherited } from 'node:process';
import type { Host } from './host.ts';

export const run: Host['run'] = (command, args, { env, timeout }) =>
  new Promise((done, reject) => {
    const child = execFile(
      command,
      args,
      { env: { ...inherited, ...env }, timeout, maxBuffer: 1 << 20, encoding: 'utf8', windowsHide: true },
      (error, stdout, stderr) => {
        if (error !== null && typeof error.code !== 'number') {
          reject(
            error.killed ? new Error(`it did not end within ${timeout / 1000} s`, { cause: error }) : error,
          );
        } else {
          done({ exitCode: Number(error?.code ?? 0), stdout, stderr });
        }
      },
    );
    child.stdin?.end();
  });
