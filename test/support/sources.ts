// Reads src/ the way the architecture rules see it: files, what they import, and their code without comments.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

/** The project's folder. */
export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface Import {
  /** As written. */
  specifier: string;
  /** `import type` or `export type`: gone at run time. */
  typeOnly: boolean;
}

export interface SourceFile {
  /** Relative to `src`, with slashes: `status/build.ts`. */
  path: string;
  lines: number;
  imports: Import[];
  /** Without comments and types. */
  code: string;
}

export function readSources(folder = join(projectRoot, 'src')): SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => /\.tsx?$/.test(name))
    .map(name => readSource(name.replaceAll('\\', '/'), readFileSync(join(folder, name), 'utf8')));
}

export function readSource(path: string, text: string): SourceFile {
  return {
    path,
    lines: text.trimEnd().split('\n').length,
    imports: importsOf(text),
    code: transformSync(text, {
      loader: path.endsWith('x') ? 'tsx' : 'ts',
      minifyWhitespace: true,
      legalComments: 'none',
    }).code,
  };
}

/** Where a relative import leads, relative to `src`. */
export function resolveImport(from: string, specifier: string): string {
  return posix.join(posix.dirname(from), specifier);
}

function importsOf(text: string): Import[] {
  const statements = /^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s*)?'([^']+)'/gm;
  const dynamic = /\bimport\(\s*'([^']+)'/g;
  return [
    ...[...text.matchAll(statements)].map(match => ({
      specifier: match[2] as string,
      typeOnly: match[1] !== undefined,
    })),
    ...[...text.matchAll(dynamic)].map(match => ({ specifier: match[1] as string, typeOnly: false })),
  ];
}
