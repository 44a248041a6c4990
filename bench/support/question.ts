/** One question: its answer is printed as Markdown and kept as JSON in `bench/results/`. */

import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, release, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { type Cell, table } from './table.ts';
import { isMet, type Target, targetTable } from './target.ts';

const resultsFolder = join(import.meta.dirname, '..', 'results');

/** A table of the answer. */
export interface AnswerTable {
  readonly title: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** How it was measured, and what to make of it. */
  readonly notes?: readonly string[];
}

export interface Answer {
  readonly tables: readonly AnswerTable[];
  readonly targets: readonly Target[];
}

/**
 * Prints the answer and writes `bench/results/<name>.json`.
 *
 * @param name of the script: `changed`
 * @param rounds how many were counted; a quick run says so in the file
 */
export async function answer(name: string, { tables, targets }: Answer): Promise<void> {
  for (const { title, headings, rows, notes = [] } of tables) {
    console.log(`\n**${title}**\n\n${table(headings, rows)}`);
    if (notes.length > 0) console.log(`\n${notes.join('\n')}`);
  }
  if (targets.length > 0) console.log(`\n**Targets**\n\n${targetTable(targets)}`);
  const missed = targets.filter(target => !isMet(target)).length;
  console.log(`\n${name}: ${targets.length - missed} of ${targets.length} targets met`);
  await mkdir(resultsFolder, { recursive: true });
  const machine = {
    cpu: cpus()[0]?.model.trim(),
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
  };
  const result = {
    question: name,
    command: ['npm run bench --', basename(process.argv[1] ?? name, '.ts'), ...process.argv.slice(2)].join(
      ' ',
    ),
    date: new Date().toISOString(),
    machine,
    tables: tables.map(({ title, headings, rows, notes }) => ({
      title,
      rows: rows.map(row => Object.fromEntries(headings.map((heading, column) => [heading, row[column]]))),
      ...(notes && { notes }),
    })),
    targets: targets.map(target => ({ ...target, met: isMet(target) })),
  };
  await writeFile(join(resultsFolder, `${name}.json`), `${JSON.stringify(result, undefined, 2)}\n`);
}
