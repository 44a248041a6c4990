import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import {
  type ErrorCode,
  type Issue,
  isApiError,
  isInvalidStatusError,
  isStatusReporterError,
} from '../errors.ts';
import { answer } from './answer.ts';
import type { Caller } from './model.ts';

/** What went wrong: a code of the library, or one that only HTTP needs. */
export type ProblemCode =
  | ErrorCode
  /** The path or the body cannot be read at all. */
  | 'malformed'
  /** The caller does not say who it is, or nobody knows it. */
  | 'unauthenticated'
  | 'method_not_allowed'
  | 'unsupported_media_type'
  /** The body did not arrive in time. */
  | 'slow_body'
  /** A report older than the last one of the same reporter instance. */
  | 'stale'
  /** A fault of this service. */
  | 'internal';

const titles = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
} as const;

/** Every HTTP status that a problem may have. */
export type ProblemStatus = keyof typeof titles;

/**
 * The body of every error, `application/problem+json`.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export interface Problem {
  /** The HTTP status in words. */
  readonly title: string;
  readonly status: ProblemStatus;
  readonly code: ProblemCode;
  readonly detail: string;
  /** Finds the request in the log of the service. */
  readonly requestId?: string;
  /** Every fault of the body. */
  readonly issues?: readonly ProblemIssue[];
}

/** One fault of a body. */
export interface ProblemIssue {
  /** JSON pointer (RFC 6901) into the body: `/conditions/0/type`. */
  readonly path: string;
  readonly message: string;
}

/** Ends a request with a problem. */
export class ProblemError extends HTTPException {
  override readonly name = 'ProblemError';
  readonly code: ProblemCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(statuses[code], { message: detail });
    this.code = code;
    this.headers = headers;
  }
}

const statuses: Readonly<Record<ProblemCode, ProblemStatus>> = {
  malformed: 400,
  unauthenticated: 401,
  method_not_allowed: 405,
  unsupported_media_type: 415,
  slow_body: 408,
  stale: 409,
  internal: 500,
  invalid_status: 422,
  // The service's own credential, not the caller's.
  unauthorized: 502,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  throttled: 429,
  too_large: 413,
  rejected: 422,
  configuration: 503,
  unavailable: 502,
  tls: 502,
  protocol: 502,
  timeout: 504,
  aborted: 503,
  closed: 503,
};

/** What happens between the service and its cluster is for its log: it may name addresses and files. */
const veiled: Partial<Readonly<Record<ProblemCode, string>>> = {
  internal: 'Something went wrong in this service.',
  unauthorized: 'The API server does not accept the credential of this service.',
  closed: 'This service is shutting down.',
  configuration: 'This service is not set up as it has to be; its log says what is missing.',
  unavailable: 'The API server cannot be reached, or cannot answer now.',
  tls: 'No trusted connection to the API server could be made.',
  protocol: 'What answers in the place of the API server does not speak its language.',
};

/** Faults of a body that an answer lists. */
const mostIssues = 100;

/** Seconds after which it is worth trying again, where nobody said. */
const retryAfter: Readonly<Record<number, number>> = { 429: 1, 503: 5 };

/** The problem that an error is, and the headers of its answer. */
export function toProblem(error: unknown): {
  problem: Problem;
  status: ProblemStatus;
  headers: Record<string, string>;
} {
  const code = codeOf(error);
  const status = statusOf(error, code);
  const seconds = (isApiError(error) ? error.retryAfterSeconds : undefined) ?? retryAfter[status];
  return {
    status,
    problem: {
      title: titles[status],
      status,
      code,
      detail: veiled[code] ?? detailOf(error as Error),
      ...(isInvalidStatusError(error) && { issues: error.issues.slice(0, mostIssues).map(toProblemIssue) }),
    },
    headers: {
      ...(error instanceof ProblemError && error.headers),
      ...((status === 429 || status === 503) &&
        seconds !== undefined && { 'retry-after': String(Math.ceil(seconds)) }),
    },
  };
}

/** The problem as an answer. */
export function respond(c: Context, error: unknown): Response {
  const { problem, status, headers } = toProblem(isOwnCredential(c, error) ? unknownToken() : error);
  const requestId = c.get('requestId') as string | undefined;
  const body = JSON.stringify({ ...problem, ...(requestId !== undefined && { requestId }) });
  return answer(c, body, status, 'application/problem+json', headers);
}

/** Whether it is the caller's own credential that the API server does not accept. */
function isOwnCredential(c: Context, error: unknown): boolean {
  const caller = c.get('caller') as Caller | undefined;
  return caller?.credentials !== undefined && isStatusReporterError(error, 'unauthorized');
}

function unknownToken(): ProblemError {
  return new ProblemError('unauthenticated', 'The API server does not accept the token of this request.', {
    'www-authenticate': 'Bearer error="invalid_token"',
  });
}

function codeOf(error: unknown): ProblemCode {
  if (error instanceof ProblemError) return error.code;
  return isStatusReporterError(error) ? error.code : 'internal';
}

function statusOf(error: unknown, code: ProblemCode): ProblemStatus {
  if (isApiError(error)) {
    if (code === 'unavailable' && (error.httpStatus === 503 || error.httpStatus === 504))
      return error.httpStatus;
    // A request that the API server does not take for its form is this service's fault, not the report's.
    if (code === 'rejected' && error.httpStatus !== 422 && error.httpStatus < 500) return 502;
  }
  return statuses[code];
}

/** A body may have one fault for every few of its bytes; an answer that lists them all would cost more than the request. */
function detailOf(error: Error): string {
  if (!isInvalidStatusError(error) || error.issues.length <= mostIssues) return error.message;
  return `The status is invalid in ${error.issues.length} places; the first ${mostIssues} are listed.`;
}

function toProblemIssue({ path, message }: Issue): ProblemIssue {
  const token = (key: string | number) => String(key).replaceAll('~', '~0').replaceAll('/', '~1');
  return { path: path.map(key => `/${token(key)}`).join(''), message };
}
