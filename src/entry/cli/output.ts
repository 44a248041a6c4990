import { Option } from '@commander-js/extra-typings';

export const formats = ['table', 'json', 'yaml'] as const;
export type Format = (typeof formats)[number];

/** `--output`, which every command has that prints something. */
export function outputOption() {
  return new Option('-o, --output <format>', 'how to print the result')
    .choices(formats)
    .default('table' as const);
}

/** A value as text: for programs as JSON or YAML, for people as `show` has it. */
export async function format(value: unknown, format: Format, show: () => string): Promise<string> {
  if (format === 'table') return show();
  if (format === 'json') return `${JSON.stringify(value, undefined, 2)}\n`;
  return toYaml(value);
}

/** One YAML document. Long texts stay on one line. */
export async function toYaml(value: unknown): Promise<string> {
  // Loads only where YAML is asked for: it is the largest part of the program.
  const { stringify } = await import('yaml');
  return stringify(value, { lineWidth: 0 });
}
