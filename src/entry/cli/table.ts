import { stripVTControlCharacters } from 'node:util';

/**
 * Columns of text, as wide as their widest cell, two blanks between them. A column without any value is left out; the last
 * one is never padded.
 */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const kept = headings.map((_, column) => column).filter(column => rows.some(row => row[column]));
  const lines = [headings, ...rows].map(row => kept.map(column => row[column] || '-'));
  const widths = kept.map((_, column) => Math.max(...lines.map(line => lengthOf(line[column] ?? ''))));
  return lines
    .map(line => line.map((cell, column) => pad(cell, widths[column] ?? 0)).join('  '))
    .map(line => `${line.trimEnd()}\n`)
    .join('');
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(width - lengthOf(cell));
}

function lengthOf(cell: string): number {
  return [...stripVTControlCharacters(cell)].length;
}

/** Text of somebody else on one line, with nothing in it that a terminal would obey. */
export function plain(text: unknown): string {
  if (text === undefined || text === null) return '';
  return stripVTControlCharacters(String(text))
    .replace(/[\p{Cc}\p{White_Space}\p{Bidi_Control}]+/gu, ' ')
    .trim();
}
