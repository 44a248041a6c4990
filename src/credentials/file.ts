import { ConfigurationError, isConfigurationError } from '../errors.ts';
import type { Host } from './host/host.ts';

/**
 * Text of a file, trimmed.
 *
 * @param what what it is, to begin an error with: `The service account's token`
 * @param advice what to do where it cannot be had
 * @throws ConfigurationError where the file is missing, unreadable or empty
 */
export async function fileText(host: Host, path: string, what: string, advice: string): Promise<string> {
  let found = 'it is empty';
  let cause: unknown;
  try {
    const text = (await host.readTextFile(path)).trim();
    if (text !== '') return text;
  } catch (error) {
    if (isConfigurationError(error)) throw error;
    found = error instanceof Error ? error.message : String(error);
    cause = error;
  }
  throw new ConfigurationError(`${what} cannot be read from ${path} (${found}): ${advice}`, { cause });
}
