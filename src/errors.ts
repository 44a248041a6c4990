/**
 * Every error this package throws: one base class, a closed set of codes, guards that need no `instanceof` across
 * copies of the package. No message, property or cause ever carries a token.
 */

/** The closed set of codes. Stable: programs may switch on them. */
export type ErrorCode =
  /** The report breaks the schema; nothing was sent. */
  | 'invalid_status'
  /** Options, environment, kubeconfig or runtime do not allow what was asked. */
  | 'configuration'
  /** 401: the API server does not accept the credential, also after it was read again. */
  | 'unauthorized'
  /** 403: the identity may not do this. */
  | 'forbidden'
  /** 404: the object, or the resource type, is not there. */
  | 'not_found'
  /** 409 that outlived every retry. */
  | 'conflict'
  /** 429 that outlived every retry. */
  | 'throttled'
  /** The object would not fit into the API server's store. */
  | 'too_large'
  /** The API server refuses the request itself (400, 405, 415, 422, a schema 500): sending it again cannot help. */
  | 'rejected'
  /** No connection, a dropped one, or 5xx that outlived every retry. */
  | 'unavailable'
  /** The server's certificate is not trusted, is for another name, or ours was refused. */
  | 'tls'
  /** An answer that is not what the Kubernetes API promises (a proxy's page, truncated JSON, a redirect). */
  | 'protocol'
  /** `timeout` or `totalTimeout` ran out. */
  | 'timeout'
  /** The caller's `AbortSignal` fired. */
  | 'aborted'
  /** The reporter was shut down. */
  | 'closed';

const brand = Symbol.for('vmcp-status-reporter.error');

/** What every error of this package is. */
export class StatusReporterError extends Error {
  override readonly name: string = 'StatusReporterError';
  readonly code: ErrorCode;
  /** @internal */
  readonly [brand] = true;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** One fault of a report. */
export interface Issue {
  /** Where, as property names and indexes: `['conditions', 0, 'type']`. */
  readonly path: readonly (string | number)[];
  /** What was expected and what was found. */
  readonly message: string;
}

/** `invalid_status`: the report breaks the schema; `issues` lists every fault. */
export class InvalidStatusError extends StatusReporterError {
  override readonly name = 'InvalidStatusError';
  readonly issues: readonly Issue[];

  constructor(issues: readonly Issue[]) {
    super('invalid_status', `The status is invalid: ${issues.map(describeIssue).join('; ')}`);
    this.issues = issues;
  }
}

/** `configuration`: what was expected, what was found, what to do. */
export class ConfigurationError extends StatusReporterError {
  override readonly name = 'ConfigurationError';

  constructor(message: string, options?: { cause?: unknown }) {
    super('configuration', message, options);
  }
}

/** One entry of `Status.details.causes` of the Kubernetes API. */
export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** What an {@link ApiError} carries of the API server's answer. */
export interface ApiErrorInfo {
  /** HTTP status code. */
  readonly httpStatus: number;
  /** `Status.reason`, e.g. `Conflict`; absent where the API server gave none. */
  readonly reason?: string;
  /** `Status.details.causes`. */
  readonly causes?: readonly StatusCause[];
  /** Seconds that `Retry-After` or `details.retryAfterSeconds` asked for. */
  readonly retryAfterSeconds?: number;
}

/**
 * The API server answered, and the answer was no.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/
 */
export class ApiError extends StatusReporterError implements ApiErrorInfo {
  override readonly name = 'ApiError';
  declare readonly httpStatus: number;
  declare readonly reason?: string;
  declare readonly causes: readonly StatusCause[];
  declare readonly retryAfterSeconds?: number;

  constructor(code: ErrorCode, message: string, info: ApiErrorInfo, options?: { cause?: unknown }) {
    super(code, message, options);
    Object.assign(this, { causes: [] }, info);
  }
}

/** Whether `error` is this package's, and of that `code` where one is given. */
export function isStatusReporterError(error: unknown, code?: ErrorCode): error is StatusReporterError {
  return (
    typeof error === 'object' &&
    error !== null &&
    brand in error &&
    (code === undefined || (error as StatusReporterError).code === code)
  );
}

/** Whether `error` is an {@link InvalidStatusError}. */
export function isInvalidStatusError(error: unknown): error is InvalidStatusError {
  return isStatusReporterError(error, 'invalid_status');
}

/** Whether `error` is a {@link ConfigurationError}. */
export function isConfigurationError(error: unknown): error is ConfigurationError {
  return isStatusReporterError(error, 'configuration');
}

/** Whether `error` is an {@link ApiError}, an answer of the API server. */
export function isApiError(error: unknown): error is ApiError {
  return isStatusReporterError(error) && 'httpStatus' in error;
}

function describeIssue({ path, message }: Issue): string {
  const where = path
    .map(key => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '');
  return where === '' ? message : `${where}: ${message}`;
}
