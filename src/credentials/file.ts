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
  let text: string;
  try {
    text = (await host.readTextFile(path)).trim();
  } catch (error) {
    if (isConfigurationError(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(`${what} cannot be read from ${path} (${reason}): ${advice}`, {
      cause: error,
    });
  }
  if (text === '')
    throw new ConfigurationError(`${what}: expected a text in ${path}, found an empty file: ${advice}`);
  return text;
}
