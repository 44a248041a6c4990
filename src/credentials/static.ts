import { defined } from '../defined.ts';
import type { Access, Credentials, TlsOptions } from '../types.ts';
import { type Reading, rotating } from './rotation.ts';
import { serverUrl } from './server-url.ts';
import { bearerToken, tokenExpiry } from './token.ts';

/** Gives the current token; with `refresh`, the server has just refused the last one. */
export type TokenProvider = (options: { refresh: boolean }) => string | Promise<string>;

export interface StaticCredentialsOptions {
  /** Base URL of the API server, with the path prefix that some servers have. */
  readonly server: string;
  /**
   * Bearer token, or a function that gives the current one: asked again after a minute (of a JWT: four fifths of its
   * lifetime), and when the server refuses a token. Default: none, for client certificates and bindings.
   */
  readonly token?: string | TokenProvider;
  /** Default: the runtime's own trust. */
  readonly tls?: TlsOptions;
  /** `http:` or `https:` URL of a forward proxy. Default: none. */
  readonly proxyUrl?: string;
  /** Further headers, names in lower case. Default: none. */
  readonly headers?: Access['headers'];
  readonly namespace?: string;
  /** What to call it in logs and errors. Default: the server's URL. */
  readonly source?: string;
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** Credentials from values at hand. What is wrong with them rejects at the first `access()`. */
export function staticCredentials(options: StaticCredentialsOptions): Credentials {
  const { server, token, tls, proxyUrl, headers, namespace } = options;
  const source =
    options.source ?? `credentials given for ${URL.canParse(server) ? new URL(server).host : 'a server'}`;

  async function read(refresh: boolean): Promise<Reading> {
    const given = typeof token === 'function' ? await token({ refresh }) : token;
    const bearer = given === undefined ? undefined : bearerToken(given, `the token (${source})`);
    return {
      access: {
        server: serverUrl(server, `the server (${source})`),
        ...defined({ tls, proxyUrl, token: bearer, headers, namespace }),
      },
      // A constant stays what it is; of a JWT the expiry is known.
      freshFor: typeof token === 'function' && tokenExpiry(bearer) === undefined ? 60_000 : Infinity,
    };
  }

  return { source, ...rotating(read, options.now ?? Date.now) };
}
