import { ConfigurationError } from '../errors.ts';
import type { TransportOptions } from '../types.ts';

/** Refuses what is no PEM text or proxy: runtimes ignore such values or fail with something else, each in its own way. */
export function checkOptions({ tls = {}, proxyUrl }: TransportOptions): void {
  // Not quoted: it may hold a password.
  if (proxyUrl && !(URL.canParse(proxyUrl) && /^https?:$/.test(new URL(proxyUrl).protocol))) {
    throw new ConfigurationError('Expected proxyUrl to be an http: or https: URL, found something else');
  }
  for (const name of ['ca', 'cert', 'key'] as const) {
    const label = name === 'key' ? 'PRIVATE KEY' : 'CERTIFICATE';
    if (tls[name] && !new RegExp(`-----BEGIN ([A-Z0-9]+ )*${label}-----`).test(tls[name])) {
      throw new ConfigurationError(
        `Expected PEM text ("-----BEGIN ${label}-----") in tls.${name}, found none: decode base64 first`,
      );
    }
  }
  if (!tls.cert !== !tls.key) {
    throw new ConfigurationError(
      `Expected tls.cert and tls.key together, found only tls.${tls.cert ? 'cert' : 'key'}`,
    );
  }
}
