/** Tables in plain text that are Markdown too: what a terminal shows can be pasted into the README. */

export type Cell = string | number | undefined;

/** A row of cells under a row of headings; numbers are set to the right. */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = [headings, ...rows.map(row => row.map(show))];
  const widths = headings.map((_, column) =>
    Math.max(3, ...texts.map(row => [...(row[column] ?? '')].length)),
  );
  const numeric = headings.map((_, column) => rows.every(row => typeof row[column] !== 'string'));
  const line = (row: readonly string[]) =>
    `| ${widths
      .map((width, column) => {
        const text = row[column] ?? '';
        return numeric[column] ? text.padStart(width) : text.padEnd(width);
      })
      .join(' | ')} |`;
  const rule = `|${widths.map((width, column) => '-'.repeat(width + 1) + (numeric[column] ? ':' : '-')).join('|')}|`;
  return [line(headings), rule, ...texts.slice(1).map(line)].join('\n');
}

/** Three significant digits, thousands with commas: 0.123, 4.56, 78.9, 1,234. */
export function show(value: Cell): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  if (!Number.isFinite(value)) return '–';
  const digits =
    Number.isInteger(value) || Math.abs(value) >= 100
      ? 0
      : Math.abs(value) >= 10
        ? 1
        : Math.abs(value) >= 1
          ? 2
          : 3;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
