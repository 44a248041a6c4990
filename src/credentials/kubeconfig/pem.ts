import { ConfigurationError } from '../../errors.ts';
import { fileText } from '../file.ts';
import type { Host } from '../host/host.ts';

/** PEM text that stands in a kubeconfig as base64, or in a file beside it; the data comes first, as in client-go. */
export async function pemOf(
  host: Host,
  entry: object,
  field: 'certificate-authority' | 'client-certificate' | 'client-key',
  where: string,
): Promise<string | undefined> {
  const values = entry as Readonly<Record<string, string | undefined>>;
  const [data, path] = [values[`${field}-data`], values[field]];
  if (data !== undefined) return decodeBase64(data, `${where}.${field}-data`);
  if (path === undefined) return undefined;
  return `${await fileText(host, path, `${where}.${field}`, 'correct the path, or put the file there')}\n`;
}

/** Text of base64, as UTF-8. */
function decodeBase64(data: string, where: string): string {
  try {
    return new TextDecoder().decode(
      Uint8Array.from(atob(data.replace(/\s+/g, '')), byte => byte.charCodeAt(0)),
    );
  } catch {
    throw new ConfigurationError(`${where}: expected base64 of PEM text, found something else`);
  }
}

/** Base64 of text, as UTF-8. */
export function encodeBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
