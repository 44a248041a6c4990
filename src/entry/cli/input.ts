import { readFile } from 'node:fs/promises';
import { ConfigurationError } from '../../errors.ts';
import type { Console } from './console.ts';

/**
 * The JSON or YAML of a file, or of the standard input.
 *
 * @param path `-` for the standard input
 * @param option the option that names the file, for the error
 * @throws ConfigurationError
 */
export async function readInput(
  path: string,
  console: Pick<Console, 'read'>,
  option = '--file',
): Promise<unknown> {
  const text = path === '-' ? await standardInput(console) : await readText(path, option);
  const source = path === '-' ? 'the standard input' : path;
  if (text.trim() === '') {
    throw new ConfigurationError(`Expected JSON or YAML in ${source}, found nothing.`);
  }
  return parse(text, source);
}

/**
 * @param option the option that names the file, for the error
 * @throws ConfigurationError
 */
export async function readText(path: string, option: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ConfigurationError(`${option}: cannot read ${path} (${code}).`, { cause });
  }
}

async function standardInput(console: Pick<Console, 'read'>): Promise<string> {
  const text = console.read();
  if (text === undefined) {
    throw new ConfigurationError(
      'Expected a file or something on the standard input, found neither: name a file with --file, or pipe into this.',
    );
  }
  return text;
}

/** JSON is YAML; it is only read as such first because that is faster. */
async function parse(text: string, source: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch {
    const { parse } = await import('yaml');
    try {
      return parse(text, { maxAliasCount: 100, logLevel: 'error' });
    } catch (cause) {
      const [what] = (cause as Error).message.split('\n');
      throw new ConfigurationError(`Expected JSON or YAML in ${source}: ${what}`, { cause });
    }
  }
}
