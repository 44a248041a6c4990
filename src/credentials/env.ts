import { ConfigurationError } from '../errors.ts';

/** An environment: that of a process, or what a Worker is handed, where bindings stand beside texts. */
export type Environment = Readonly<Record<string, unknown>>;

/**
 * A variable's text, trimmed; `undefined` where it is not set or blank.
 *
 * @throws ConfigurationError where the runtime does not let it be read (Deno)
 */
export function variable(env: Environment, name: string): string | undefined {
  try {
    const value = env[name];
    return typeof value === 'string' ? value.trim() || undefined : undefined;
  } catch (cause) {
    throw new ConfigurationError(
      `The environment variable ${name} may not be read: allow it (Deno: --allow-env=${name}), or pass env`,
      { cause },
    );
  }
}
