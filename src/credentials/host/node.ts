// Node, Bun and Deno.
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, resolve, sep } from 'node:path';
import type { Host } from './host.ts';

export const host: Host = {
  readTextFile: path => readFile(path, 'utf8'),
  run: async (...program) => (await import('./process.ts')).run(...program),
  homeDirectory: () => homedir(),
  besideFile: (file, path) => resolve(dirname(file), path),
  listSeparator: delimiter,
  folderSeparator: sep,
};
