import { defined } from '../defined.ts';
import { ConfigurationError } from '../errors.ts';
import type { Credentials } from '../types.ts';
import { type EnvironmentOptions, environmentVariables as names } from './environment.ts';
import { staticCredentials } from './static.ts';

/** Texts of {@link names}, by what they are. */
export type GivenTexts = { readonly [Name in 'server' | 'token' | 'ca' | 'serverName']?: string };

/**
 * Credentials of texts that an environment has. Loaded where one has any.
 *
 * @throws ConfigurationError
 */
export function givenCredentials(
  { server, token, ca, serverName }: GivenTexts,
  options: Pick<EnvironmentOptions, 'now'>,
): Credentials {
  if (server === undefined) {
    throw new ConfigurationError(
      `${names.token}, ${names.ca} or ${names.serverName} is set, but ${names.server} is not: set it to the API server's URL`,
    );
  }
  const tls = defined({ ca: ca && pemText(ca), serverName });
  return staticCredentials({
    ...options,
    server,
    source: names.server,
    ...defined({ token, tls: ca || serverName ? tls : undefined }),
  });
}

function pemText(text: string): string {
  const begin = '-----BEGIN ';
  if (text.includes(begin)) return text.replaceAll('\\n', '\n');
  try {
    const decoded = atob(text);
    if (decoded.includes(begin)) return decoded;
  } catch {
    // Said below.
  }
  throw new ConfigurationError(
    `Expected ${names.ca} to be PEM text ("${begin}CERTIFICATE-----"), or base64 of it, found neither`,
  );
}
