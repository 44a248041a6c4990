/**
 * `npm run bench:readme`: puts the tables of bench/results/ into README.md, each between `<!-- bench <question> <n> -->` (n
 * counts its tables from 1) and `<!-- /bench -->`.
 */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Cell, table } from './table.ts';

interface Result {
  readonly command: string;
  readonly date: string;
  readonly tables: readonly { title: string; rows: readonly Record<string, Cell>[] }[];
}

const bench = join(import.meta.dirname, '..');
const readme = join(bench, '..', 'README.md');
const marked = /(<!-- bench (\S+) (\d+) -->\n)[\s\S]*?(<!-- \/bench -->)/g;

const text = await readFile(readme, 'utf8');
const found = [...text.matchAll(marked)];
let next = text;
for (const [whole, start = '', question = '', number = '', end = ''] of found) {
  const file = join(bench, 'results', `${question}.json`);
  const result = JSON.parse(await readFile(file, 'utf8')) as Result;
  const chosen = result.tables[Number(number) - 1];
  if (chosen === undefined) throw new Error(`${file} has ${result.tables.length} tables, not ${number}`);
  // What a contestant has no figure for is not in its row.
  const headings = [...new Set(chosen.rows.flatMap(row => Object.keys(row)))];
  const rows = chosen.rows.map(row => headings.map(heading => row[heading]));
  const caption = `${chosen.title} (\`${result.command}\`, ${result.date.slice(0, 10)}):`;
  next = next.replace(whole, `${start}${caption}\n\n${table(headings, rows)}\n${end}`);
}
await writeFile(readme, next);
console.log(`README.md: ${found.length} tables`);
