import { ConfigurationError } from '../errors.ts';

/**
 * Base URL of an API server: no trailing slash, and with the path that some servers have before `/api` and `/apis`.
 *
 * @param where where the text came from, for errors
 */
export function serverUrl(text: string, where: string): string {
  if (URL.canParse(text)) {
    const { protocol, origin, pathname, username, password, search, hash } = new URL(text);
    if (/^https?:$/.test(protocol) && !(username || password || search || hash)) {
      return (origin + pathname).replace(/\/+$/, '');
    }
  }
  const found = /[@?#]/.test(text) ? 'one that may hold a secret' : JSON.stringify(text);
  throw new ConfigurationError(
    `Expected ${where} to be a URL like https://api.example:6443, without user, password, query and fragment, found ${found}: give credentials as a token, or in a kubeconfig`,
  );
}
