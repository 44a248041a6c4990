import { StatusReporterError } from '../errors.ts';
import type { OwnRequest, TransportRequest } from '../types.ts';
import { tlsAdvice } from './tls-faults.ts';

/**
 * A `tls` or `unavailable` error that names the server's origin, says what to do, and quotes the runtime's error with
 * every header value taken out.
 */
export function explainFailure(error: unknown, request: OwnRequest): StatusReporterError {
  const text = describeChain(error);
  const detail = withoutHeaders(text, request.headers);
  const { origin } = new URL(request.url);
  const options = { cause: safeCause(error, request.headers) };
  const advice = tlsAdvice(text);
  if (advice !== undefined) {
    return new StatusReporterError(
      'tls',
      `No trusted connection to ${origin}: ${advice} (${detail})`,
      options,
    );
  }
  return new StatusReporterError('unavailable', `No answer from ${origin}: ${detail}`, options);
}

/**
 * A `protocol` error that says by its origin only where a redirect wanted us to go: a path may hold what is nobody's
 * business.
 *
 * @param status 0 where the runtime hides it
 */
export function explainRedirect(
  { url }: OwnRequest,
  status: number,
  location?: string | null,
): StatusReporterError {
  const target = location && URL.canParse(location, url) ? ` to ${new URL(location, url).origin}` : '';
  return new StatusReporterError(
    'protocol',
    `Expected an answer of the Kubernetes API from ${new URL(url).origin}, got a redirect (${status || '3xx'}${target}). Redirects are not followed, since the credential would go with them: give the server's own URL`,
  );
}

/** `fetch` hides the reason in `cause`, a connection over several addresses in `errors`. */
function describeChain(error: unknown): string {
  const parts: string[] = [];
  const queue = [error];
  for (const current of queue) {
    if (typeof current !== 'object' || current === null || queue.length > 8) continue;
    const { code, message, cause, errors } = current as Record<string, unknown>;
    const text = String(message ?? '');
    const part = typeof code === 'string' && !text.includes(code) ? `${code} ${text}`.trim() : text;
    if (part !== '' && !parts.some(known => known.includes(part))) parts.push(part);
    queue.push(cause, ...(Array.isArray(errors) ? errors : []));
  }
  return parts.join(': ') || String(error);
}

function safeCause(error: unknown, headers: TransportRequest['headers']): Error {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const cause = new Error(withoutHeaders(message, headers));
  cause.name = name;
  if (stack !== undefined) cause.stack = withoutHeaders(stack, headers);
  return cause;
}

function withoutHeaders(text: string, headers: TransportRequest['headers']): string {
  // By words: a token may be quoted without `Bearer`, which is no secret.
  const { 'user-agent': _, accept: __, 'content-type': ___, ...telling } = headers;
  const words = Object.values(telling).flat().join(' ').split(' ');
  return words
    .filter(word => word.length > 6)
    .reduce((safe, word) => safe.replaceAll(word, '[redacted]'), text);
}
