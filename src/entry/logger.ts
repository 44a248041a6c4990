import type { ConsoleLike } from '../types.ts';
import { errorColoursFor } from './cli/colours.ts';
import type { Console } from './cli/console.ts';

export const levels = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof levels)[number];

/**
 * Logs to the standard error, one line for each event: JSON for programs, words on a terminal.
 *
 * @param least the lowest level that is written
 */
export function createLogger(
  console: Pick<Console, 'env' | 'complainsToTerminal' | 'log' | 'now'>,
  least: Level = 'info',
): ConsoleLike {
  const colours = errorColoursFor(console);
  const paint = { debug: colours.dim, info: colours.dim, warn: colours.yellow, error: colours.red };
  const at =
    (level: Level) =>
    (message: string, fields: object = {}): void => {
      if (levels.indexOf(level) < levels.indexOf(least)) return;
      const time = new Date(console.now()).toISOString();
      const line = console.complainsToTerminal
        ? [paint[level](`${time.slice(11, 19)}Z ${level}`), message, colours.dim(words(fields))].join('  ')
        : JSON.stringify(withDetails({ time, level, message }, fields));
      console.log(`${line.trimEnd()}\n`);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function words(fields: object): string {
  return Object.entries(withDetails({}, fields))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(' ');
}

/** Adds fields to what is logged. */
function withDetails(entry: Record<string, unknown>, fields: object): Record<string, unknown> {
  for (const key of Object.keys(fields)) entry[key] = flat((fields as Record<string, unknown>)[key]);
  return entry;
}

/** An error as what it says, and why: JSON would make nothing of it. */
function flat(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, cause, code } = value as Error & { code?: unknown };
  const known = code === undefined ? {} : { code };
  const why = cause instanceof Error ? { cause: cause.message } : {};
  return { name, message, ...known, ...why };
}
