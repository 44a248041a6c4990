import { ConfigurationError, type ErrorCode, isStatusReporterError, StatusReporterError } from '../errors.ts';
import type { OwnRequest, TransportRequest, TransportResponse } from '../types.ts';

/**
 * What a failed exchange is to the caller: the signal's own reason, an error of ours, or what {@link explainFailure}
 * makes of it.
 */
export async function transportFailure(error: unknown, request: OwnRequest): Promise<unknown> {
  if (request.signal?.aborted) return request.signal.reason;
  if (isStatusReporterError(error)) return error;
  return explained('unavailable', request, ({ explainFailure }) => explainFailure(error, request));
}

/** Fails for a redirect, which is not followed: the credential would go with it. */
export async function refuseRedirect(request: OwnRequest, response: TransportResponse): Promise<never> {
  throw await explained('protocol', request, ({ explainRedirect }) =>
    explainRedirect(request, response.status, response.header('location')),
  );
}

/** The explanations load with the first failure. */
function explained(
  code: ErrorCode,
  { url }: OwnRequest,
  explain: (explanations: typeof import('./explanation.ts')) => StatusReporterError,
): Promise<StatusReporterError> {
  return import('./explanation.ts').then(
    explain,
    // A deployment may have replaced the files of a running process.
    () => new StatusReporterError(code, `No answer from ${new URL(url).origin}`),
  );
}

/** The authorization that was found fine last: the longest of the headers, and mostly the same. */
let fine: unknown;
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Refuses header values that HTTP cannot carry, before a runtime's error quotes them: one may be a token. */
export function checkHeaders(headers: TransportRequest['headers']): void {
  for (const name in headers) {
    const value = headers[name];
    if (value === fine) continue;
    if (!headerValue.test(`${value}`)) {
      throw new ConfigurationError(
        `The request header "${name}" has a character that HTTP does not allow, such as a line break: check the token, or what else is sent there`,
      );
    }
    if (name === 'authorization') fine = value;
  }
}
