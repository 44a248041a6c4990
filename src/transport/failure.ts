import { ConfigurationError, isStatusReporterError, StatusReporterError } from '../errors.ts';
import type { TransportRequest } from '../types.ts';

/**
 * What a failed exchange is to the caller: the signal's own reason, an error of ours, or what {@link explainFailure}
 * makes of it. The explanations load with the first failure.
 */
export async function transportFailure(error: unknown, request: TransportRequest): Promise<unknown> {
  if (request.signal?.aborted) return request.signal.reason;
  if (isStatusReporterError(error)) return error;
  return import('./explanation.ts').then(
    ({ explainFailure }) => explainFailure(error, request),
    // A deployment may have replaced the files of a running process.
    () => new StatusReporterError('unavailable', `No answer from ${new URL(request.url).origin}`),
  );
}

/** Where a redirect wanted us to go is said by its origin only: a path may hold what is nobody's business. */
export function redirectRefused(
  request: TransportRequest,
  status: number,
  location?: string | null,
): StatusReporterError {
  const target =
    location && URL.canParse(location, request.url) ? ` to ${new URL(location, request.url).origin}` : '';
  return new StatusReporterError(
    'protocol',
    `Expected an answer of the Kubernetes API from ${new URL(request.url).origin}, got a redirect (${status || '3xx'}${target}). Redirects are not followed, since the credential would go with them: give the server's own URL`,
  );
}

/** Refuses header values that HTTP cannot carry, before a runtime's error quotes them: one may be a token. */
export function checkHeaders(headers: TransportRequest['headers']): void {
  for (const name in headers) {
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test([headers[name]].join())) {
      throw new ConfigurationError(
        `The value of the request header "${name}" holds a line break or another character that HTTP does not allow: check the token, or what else is sent there`,
      );
    }
  }
}
