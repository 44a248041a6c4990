// A machine in memory: files, and programs that are functions.
import { posix } from 'node:path';
import type { Host } from '../../src/credentials/host/host.ts';

export type Program = (args: readonly string[], env: Readonly<Record<string, string>>) => unknown;

export interface MemoryHost extends Host {
  readonly files: Map<string, string>;
  /** Paths in the order in which they were read. */
  readonly reads: string[];
  /** What a program returns is printed as JSON; a text as it is; an error is thrown. */
  readonly programs: Map<string, Program>;
  /** Commands in the order in which they were run. */
  readonly runs: string[];
}

export function memoryHost(
  files: Record<string, string> = {},
  programs: Record<string, Program> = {},
): MemoryHost {
  const host: MemoryHost = {
    files: new Map(Object.entries(files)),
    reads: [],
    programs: new Map(Object.entries(programs)),
    runs: [],
    async readTextFile(path) {
      host.reads.push(path);
      const text = host.files.get(path);
      if (text === undefined) throw failure('ENOENT', `no such file or directory, open '${path}'`);
      return text;
    },
    async run(command, args, { env }) {
      host.runs.push([command, ...args].join(' '));
      const program = host.programs.get(command);
      if (program === undefined) throw failure('ENOENT', `spawn ${command} ENOENT`);
      const output = await program(args, env);
      if (output instanceof Failed) return { exitCode: output.exitCode, stdout: '', stderr: output.stderr };
      return {
        exitCode: 0,
        stdout: typeof output === 'string' ? output : JSON.stringify(output),
        stderr: '',
      };
    },
    homeDirectory: () => '/home/me',
    besideFile: (file, path) => posix.resolve(posix.dirname(file), path),
    listSeparator: ':',
    folderSeparator: '/',
  };
  return host;
}

/** What a program returns to have failed. */
export class Failed {
  readonly exitCode: number;
  readonly stderr: string;

  constructor(exitCode: number, stderr = '') {
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code });
}

/** A clock that stands still until it is told otherwise. */
export function fakeClock(start = Date.UTC(2026, 0, 1)): {
  now: () => number;
  advance(milliseconds: number): void;
} {
  let time = start;
  return {
    now: () => time,
    advance(milliseconds) {
      time += milliseconds;
    },
  };
}

/** A JWT with this expiry, in milliseconds since the epoch. Nobody checks its signature here. */
export function jwt(expiresAt: number, more: object = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part({ exp: Math.floor(expiresAt / 1000), ...more })}.c2lnbmF0dXJl`;
}
