/** The seams: interfaces at which credentials, transports, the API client and the reporters meet. Types only. */

import type { Abort } from './abort.ts';

/** How to talk TLS to an API server. All values are PEM text. */
export interface TlsOptions {
  /** Certificates to trust instead of the runtime's own. */
  readonly ca?: string;
  /** Client certificate chain. */
  readonly cert?: string;
  /** Key of the client certificate. */
  readonly key?: string;
  /** Name to ask for (SNI) and to check, instead of the URL's host: kubeconfig's `tls-server-name`. */
  readonly serverName?: string;
  /** `true` trusts any certificate: kubeconfig's `insecure-skip-tls-verify`. Default `false`. */
  readonly insecureSkipVerify?: boolean;
}

/** What a transport is made from; a change of any of it means a new transport. */
export interface TransportOptions {
  readonly tls?: TlsOptions;
  /** `http:` or `https:` URL of a forward proxy. */
  readonly proxyUrl?: string;
  /** Most connections kept to one API server. Default 16. */
  readonly connections?: number;
}

/** One HTTP request. */
export interface TransportRequest {
  readonly method: string;
  /** Absolute, with a path, and encoded. */
  readonly url: string;
  /** Names in lower case. A list is sent as a header of its own for each value. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** Hands over the body of a 200 as it comes, in `body`: for watches. Default `false`. */
  readonly stream?: boolean;
}

/** Its answer, read to its end: a body left unread would hold its connection. */
export interface TransportResponse {
  readonly status: number;
  /** Value of a header, by its lower-case name. */
  header(name: string): string | undefined;
  /** The body. `''` where `stream` asked for it as it comes. */
  readonly text: string;
  /** What `stream` asked for: read it to its end, or abort the request. It fails with the errors of the runtime. */
  readonly body?: AsyncIterable<Uint8Array> | undefined;
}

/**
 * The way to the API server: narrower than `fetch`, so that the fastest client of each runtime can stand behind it.
 * Rejects with a `StatusReporterError`: `unavailable` (no connection, reset), `tls`, `protocol` (a redirect), or
 * with the signal's own reason when it aborts. An answer of any other status is a response, not an error.
 */
export interface Transport {
  request(request: TransportRequest): Promise<TransportResponse>;
  /** Closes idle connections at once, busy ones when they are done. Idempotent. */
  close(): Promise<void>;
}

/** A request of ours to a transport of ours. */
export interface OwnRequest extends Omit<TransportRequest, 'body' | 'signal'> {
  readonly body?: string | undefined;
  readonly signal?: Abort | undefined;
}

/** What requests of ours go through: it takes any {@link Abort}. */
export interface Sender {
  readonly request: (request: OwnRequest) => Promise<TransportResponse>;
  /** How many requests it can have under way. Default: whatever it is asked for. */
  readonly places?: Places;
}

/** A transport of ours. */
export interface OwnTransport extends Sender, Pick<Transport, 'close'> {}

/**
 * Room for so many requests at a time. Who waits here has not begun, so that its time limit has not either: a fleet that
 * reports all at once takes turns, where its requests would otherwise grow old behind each other and be sent again.
 */
export interface Places {
  /**
   * Takes a place, at once (`undefined`) or when one is free.
   *
   * @param signal ends the wait, which rejects with its reason
   * @param ahead goes before who waits already
   */
  enter(signal?: Abort, ahead?: boolean): Promise<void> | undefined;
  leave(): void;
}

/** Where the API server is and who we are, at this moment. */
export interface Access {
  /** Base URL as `new URL()` writes it, with the path prefix that some servers have; no trailing slash. */
  readonly server: string;
  readonly tls?: TlsOptions;
  readonly proxyUrl?: string;
  /** Bearer token (RFC 6750), trimmed. */
  readonly token?: string;
  /** Further headers: impersonation (several groups are a list), basic authentication. Names in lower case. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** The namespace that the credential comes with. */
  readonly namespace?: string;
}

/** A source of {@link Access} that follows rotation. */
export interface Credentials {
  /** What it is, for logs and errors: `kubeconfig context "prod"`. No secret. */
  readonly source: string;
  /**
   * The current access; cached until a token is about to expire, a minute at most for what lies in files.
   * The very same object is returned until something changed.
   *
   * @param options.refresh drop what is cached and read again: after a 401
   * @throws ConfigurationError where something is missing or unreadable
   */
  access(options?: { refresh?: boolean; signal?: AbortSignal }): Promise<Access>;
  /**
   * What `access()` would give, where that is known without waiting; otherwise `undefined`. Default: it never is. Saves every
   * request a turn.
   */
  current?(): Access | undefined;
}

/** A structured logger as pino has it: fields first. */
export interface PinoLike {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(bindings: object): unknown;
}

/** A logger as `console` is one: message first. */
export interface ConsoleLike {
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
}

/** Any of the two. */
export type Logger = ConsoleLike | PinoLike;

/**
 * Stands around every attempt at a request: calls `send` when it may go, and sees how it ends.
 *
 * @param about the HTTP method; 1, and one more for each time that the request was tried before; what ends the wait
 */
export type Schedule = <T extends { readonly status: number }>(
  send: () => Promise<T>,
  about: { readonly method: string; readonly attempt: number; readonly signal: AbortSignal },
) => Promise<T>;
