// Node, Bun and Deno.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, resolve, sep } from 'node:path';
import { env as inherited } from 'node:process';
import type { Host } from './host.ts';

export const host: Host = {
  readTextFile: path => readFile(path, 'utf8'),
  run: (command, args, { env, timeout }) =>
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
    }),
  homeDirectory: () => homedir(),
  besideFile: (file, path) => resolve(dirname(file), path),
  listSeparator: delimiter,
  folderSeparator: sep,
};
