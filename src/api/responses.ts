/** What the API server's answers mean. Pure. */

import { defined } from '../defined.ts';
import { ApiError, type ErrorCode, type StatusCause, StatusReporterError } from '../errors.ts';
import type { TransportResponse } from '../types.ts';

/** `metav1.Status`, as far as it says why. */
interface StatusObject {
  kind?: string;
  message?: string;
  reason?: string;
  details?: { causes?: StatusCause[]; retryAfterSeconds?: number };
}

/**
 * The JSON of a 2xx answer.
 *
 * @throws ApiError for any other status
 * @throws StatusReporterError `unavailable` where the JSON is cut off, `protocol` where it is no JSON: a proxy's page
 */
export function parseAnswer<T>(answer: TransportResponse, what: string): T {
  if (answer.status < 200 || answer.status > 299) throw apiError(answer, what);
  const value = tableVersion(answer.text) ?? parseObject(answer.text);
  if (value !== undefined) return value as T;
  const found = `${what}: expected a JSON object from the API server, found ${describeBody(answer)}`;
  if (answer.header('content-type')?.includes('json'))
    throw new StatusReporterError('unavailable', `${found}: cut off`);
  throw new StatusReporterError(
    'protocol',
    `${found}: does the server URL lead to a Kubernetes API server, past any proxy?`,
  );
}

const tableStart = '{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"';

/** Of a Table only the resourceVersion is asked for, and that comes first: the rest need not be parsed. */
function tableVersion(text: string): object | undefined {
  if (!text.startsWith(tableStart) || !text.endsWith('}\n')) return undefined;
  const end = text.indexOf('"', tableStart.length);
  if (end < 0) return undefined;
  return { metadata: { resourceVersion: text.slice(tableStart.length, end) } };
}

function apiError(answer: TransportResponse, what: string): ApiError {
  const body = parseObject(answer.text) as StatusObject | undefined;
  const status: StatusObject = body?.kind === 'Status' ? body : {};
  const retryAfterSeconds = retryAfter(answer.header('retry-after')) ?? status.details?.retryAfterSeconds;
  const message = status.message ?? describeBody(answer);
  return new ApiError(
    codeOf(answer.status, status, message),
    `${what}: the API server answered ${answer.status}${status.reason ? ` ${status.reason}` : ''}: ${message}`,
    {
      httpStatus: answer.status,
      ...defined({ reason: status.reason, causes: status.details?.causes, retryAfterSeconds }),
    },
  );
}

const codes: Record<number, ErrorCode> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  408: 'unavailable',
  409: 'conflict',
  413: 'too_large',
  429: 'throttled',
};

function codeOf(httpStatus: number, status: StatusObject, message: string): ErrorCode {
  if (httpStatus >= 500) {
    // These come as 500 without a reason; sending the same again cannot help.
    if (/request is too large|ResourceExhausted/.test(message)) return 'too_large';
    if (httpStatus === 500 && !status.reason && schemaFault.test(message)) return 'rejected';
    return 'unavailable';
  }
  return codes[httpStatus] ?? (httpStatus < 300 || httpStatus > 399 ? 'rejected' : 'protocol');
}

const schemaFault =
  /field not declared in schema|duplicate entries for key|failed to create typed patch object/;

/** Whether the path itself is unknown, the API version not served: the mux answers so, not the registry. */
export function isPageNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.httpStatus === 404 && error.reason !== 'NotFound';
}

/** Whether the API server's cache had not seen the resourceVersion in time. */
export function isResourceVersionTooLarge(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    error.httpStatus === 504 &&
    error.causes.some(({ reason }) => reason === 'ResourceVersionTooLarge')
  );
}

/** Seconds of a `Retry-After` header, given as such; Kubernetes never sends a date. */
function retryAfter(header: string | undefined): number | undefined {
  return header !== undefined && /^\d+$/.test(header.trim()) ? Number(header) : undefined;
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function describeBody(answer: TransportResponse): string {
  const { text } = answer;
  const type = answer.header('content-type') ?? 'no content type';
  return text === ''
    ? 'an empty body'
    : `${text.length} characters of ${type}: ${JSON.stringify(text.slice(0, 120))}`;
}
