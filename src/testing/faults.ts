/** Faults that a network, a proxy or a busy API server has, as functions put around an API. */
import { StatusError, tooManyRequests, unauthorized } from './status-error.ts';

/** Answers a request. */
export type Handler = (request: Request) => Promise<Response>;

/** Answers a request instead of the API, or lets it through with `next` and does something before or after. */
export type Fault = (request: Request, next: Handler) => Response | Promise<Response>;

/** A stand-in for the global `fetch`. */
export type FetchLike = (input: Request | URL | string, init?: RequestInit) => Promise<Response>;

/**
 * The API with faults around it; the first is the outermost.
 *
 * @param fetch `api.fetch`
 */
export function withFaults(fetch: FetchLike, ...faults: readonly Fault[]): FetchLike {
  const inner: Handler = request => fetch(request);
  const outer = faults.reduceRight<Handler>((next, fault) => async request => fault(request, next), inner);
  return async (input, init) => {
    const request = input instanceof Request && init === undefined ? input : new Request(input, init);
    throwIfAborted(request.signal);
    return raceAbort(outer(request), request.signal);
  };
}

/** An aborted request rejects at once, as `fetch` does, whatever a fault is doing. */
function raceAbort(response: Promise<Response>, signal: AbortSignal): Promise<Response> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    response.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw signal.reason;
}

/**
 * Every answer takes this long.
 *
 * @param milliseconds before the request is let through
 * @param options.sleep waits; default: `setTimeout`
 */
export function latency(
  milliseconds: number,
  { sleep = wait }: { sleep?: (milliseconds: number) => Promise<void> } = {},
): Fault {
  return async (request, next) => {
    await sleep(milliseconds);
    return next(request);
  };
}

function wait(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}

/** The connection breaks before the request arrives: rejects with a `TypeError`, as `fetch` does. */
export function reset(): Fault {
  return () => Promise.reject(new TypeError('fetch failed', { cause: new Error('read ECONNRESET') }));
}

/** The request arrives and is carried out, and the connection breaks before the answer: rejects with a `TypeError`. */
export function resetAfter(): Fault {
  return async (request, next) => {
    await (await next(request)).arrayBuffer();
    throw new TypeError('fetch failed', { cause: new Error('read ECONNRESET') });
  };
}

/** 409: somebody else was faster. */
export function conflict(): Fault {
  return request => {
    const { resource, name } = objectOf(request);
    const changed =
      'the object has been modified; please apply your changes to the latest version and try again';
    const message = `Operation cannot be fulfilled on ${resource} ${JSON.stringify(name)}: ${changed}`;
    const [kind = '', ...group] = resource.split('.');
    return statusAnswer(new StatusError(409, 'Conflict', message, { name, group: group.join('.'), kind }));
  };
}

/**
 * 429, as API Priority and Fairness answers.
 *
 * @param options.retryAfterSeconds what `Retry-After` asks for. Default: 1
 */
export function throttle({ retryAfterSeconds = 1 }: { retryAfterSeconds?: number } = {}): Fault {
  return () => statusAnswer(tooManyRequests(retryAfterSeconds));
}

/** 503 from the API server itself, e.g. while it shuts down. */
export function unavailable(): Fault {
  const message = 'the server is currently unable to handle the request';
  return () => statusAnswer(new StatusError(503, 'ServiceUnavailable', message));
}

/**
 * An error page of something in between: a plain-text body, no Status.
 *
 * @param status default: 502
 */
export function serverError(status = 502): Fault {
  return () =>
    new Response('upstream connect error\n', {
      status,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    });
}

/**
 * The answer ends too early: half of its body, and no error.
 *
 * @param options.keep share of the body that arrives, 0 to 1. Default: 0.5
 */
export function truncate({ keep = 0.5 }: { keep?: number } = {}): Fault {
  return async (request, next) => {
    const { status, headers, body } = await next(request);
    const text = body === null ? '' : await new Response(body).text();
    return new Response(text.slice(0, Math.floor(text.length * keep)), { status, headers });
  };
}

/** 401: the token is no longer valid. */
export function expireToken(): Fault {
  return () => statusAnswer(unauthorized());
}

/** Only the first `count` requests meet the fault. */
export function times(count: number, fault: Fault): Fault {
  let left = count;
  return (request, next) => {
    if (left <= 0) return next(request);
    left--;
    return fault(request, next);
  };
}

/** Only requests that `matches` is true for meet the fault. */
export function when(matches: (request: Request) => boolean, fault: Fault): Fault {
  return (request, next) => (matches(request) ? fault(request, next) : next(request));
}

/** Only requests with this method meet the fault. */
export function on(method: string, fault: Fault): Fault {
  return when(request => request.method === method.toUpperCase(), fault);
}

/** The first request meets the first fault, and so on; later ones meet none. `undefined` lets one through. */
export function sequence(...faults: readonly (Fault | undefined)[]): Fault {
  let index = 0;
  return (request, next) => faults[index++]?.(request, next) ?? next(request);
}

function statusAnswer(error: StatusError): Response {
  const seconds = error.details?.retryAfterSeconds;
  return new Response(`${JSON.stringify(error.toStatus())}\n`, {
    status: error.code,
    headers: {
      'content-type': 'application/json',
      ...(seconds === undefined ? {} : { 'retry-after': String(seconds) }),
    },
  });
}

/** What the URL of a request names, as error messages print it. */
function objectOf(request: Request): { resource: string; name: string } {
  const match = /\/apis\/([^/]+)\/[^/]+\/namespaces\/[^/]+\/([^/]+)\/([^/]+)/.exec(
    new URL(request.url).pathname,
  );
  const [, group = '', resource = '', name = ''] = match ?? [];
  return { resource: group === '' ? resource : `${resource}.${group}`, name };
}
