import { ConfigurationError } from '../errors.ts';
import type { ServiceEnv } from '../http/env.ts';

/** Answers requests; what a runtime knows of one beyond the `Request` comes second. */
export type Handler = (request: Request, extra?: ServiceEnv['Bindings']) => Response | Promise<Response>;

/** A server that listens. */
export interface Listening {
  /** Where: `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Takes no more connections; resolves when the requests under way are answered. */
  stop(): Promise<void>;
}

/** Listens with the server that a runtime brings. */
export type Listen = (handler: Handler, address: { host: string; port: number }) => Promise<Listening>;

/** `http://127.0.0.1:8787`, with brackets around an IPv6 address. */
export function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** A failure to listen in words that say what to do, whichever runtime it comes from. */
export function explain(error: unknown, { host, port }: { host: string; port: number }): unknown {
  const { code, name } = error as { code?: unknown; name?: unknown };
  const because = (what: string) => new ConfigurationError(what, { cause: error });
  if (code === 'EADDRINUSE' || name === 'AddrInUse') {
    return because(
      `Port ${port} of ${host} is in use. Stop what uses it, or choose another with --port or PORT.`,
    );
  }
  if (code === 'EACCES' || name === 'PermissionDenied') {
    return because(`Port ${port} of ${host} may not be used. Choose one from 1024 with --port or PORT.`);
  }
  if (code === 'EADDRNOTAVAIL' || name === 'AddrNotAvailable') {
    return because(`${host} is not an address of this machine. Choose another with --host or HOST.`);
  }
  return error;
}
