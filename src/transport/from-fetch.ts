import { abortSignal, untilAborted } from '../abort.ts';
import { defined } from '../defined.ts';
import { ConfigurationError } from '../errors.ts';
import type { OwnRequest, OwnTransport, TransportRequest, TransportResponse } from '../types.ts';
import { exchange } from './exchange.ts';

/** What is handed to a {@link FetchLike}: a part of `RequestInit`. */
export interface FetchInit {
  method: string;
  headers: Record<string, string>;
  body?: string;
  redirect: 'manual';
  signal?: AbortSignal;
}

/** What is used of a `Response`. */
export interface FetchResponse {
  readonly status: number;
  readonly type?: string;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
  /** Read where a stream is asked for. */
  readonly body?: unknown;
}

/**
 * `fetch` as far as a transport uses it: the global one, one that MSW has patched, or that of a Workers binding
 * (`(url, init) => env.API.fetch(url, init)`).
 */
export type FetchLike = (url: string, init: FetchInit) => Promise<FetchResponse>;

/**
 * A transport over a `fetch` of your own. Trust, client certificates and proxies are then that function's business.
 *
 * @param fetch called once for each request; never with anything but an absolute URL and plain headers
 * @param extras further members of every `init`, for a runtime's own options
 */
export function fromFetch(fetch: FetchLike, extras?: object): OwnTransport {
  return {
    request: request =>
      exchange(request, request => untilAborted(send(fetch, request, extras), request.signal)),
    // A `fetch` keeps its connections where nobody else can reach them.
    async close() {},
  };
}

async function send(fetch: FetchLike, request: OwnRequest, extras?: object): Promise<TransportResponse> {
  const { method, url, headers, body } = request;
  const response = await fetch(url, {
    ...extras,
    method,
    headers: singleValues(headers),
    redirect: 'manual',
    ...defined({ body, signal: abortSignal(request.signal) }),
  });
  const streams = request.stream && response.status === 200;
  return {
    // Browsers hide a redirect's status and location.
    status: response.type === 'opaqueredirect' ? 0 : response.status,
    header: name => response.headers.get(name) ?? undefined,
    text: streams ? '' : await response.text(),
    body: streams ? (response.body as AsyncIterable<Uint8Array>) : undefined,
  };
}

function singleValues(headers: TransportRequest['headers']): Record<string, string> {
  const single: Record<string, string> = {};
  for (const name in headers) {
    const [value = '', ...others] = [headers[name] ?? []].flat();
    if (others.length > 0) {
      throw new ConfigurationError(
        `The request header "${name}" has ${others.length + 1} values, which a fetch joins into one: give one (impersonate one group), or run on Node or Deno`,
      );
    }
    single[name] = value;
  }
  return single;
}
