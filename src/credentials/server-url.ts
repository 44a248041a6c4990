import { ConfigurationError } from '../errors.ts';

/**
 * Base URL of an API server: no trailing slash, and with the path that some servers have before `/api` and `/apis`.
 *
 * @param where where the text came from, for errors
 */
export function serverUrl(text: string, where: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    // What has an @ may have a password before it.
    const found = text.includes('@') ? 'something else' : JSON.stringify(text);
    throw new ConfigurationError(
      `Expected ${where} to be a URL like https://api.example:6443, found ${found}`,
    );
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new ConfigurationError(
      `Expected ${where} to be a URL without user, password, query and fragment (${url.origin}${url.pathname}): give credentials as a token, or as username and password of a kubeconfig`,
    );
  }
  return (url.origin + url.pathname).replace(/\/+$/, '');
}
