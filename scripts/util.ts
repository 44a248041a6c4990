// In the place of Node's `util` in the build; see `alias` in entries.ts.

/** A value as an error message shows it. */
export function format(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}

export { format as inspect };
