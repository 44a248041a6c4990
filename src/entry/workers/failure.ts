/** Errors on their way between the Worker and its Durable Objects, and on disk. */

import { defined } from '../../defined.ts';
import {
  ApiError,
  InvalidStatusError,
  type Issue,
  isApiError,
  isInvalidStatusError,
  isStatusReporterError,
  type StatusCause,
  StatusReporterError,
} from '../../errors.ts';
import { type ProblemCode, ProblemError, type ProblemIssue } from '../../http/problem.ts';

/** An error as JSON. No error of this package carries a token, so that it may be kept. */
export interface Failure {
  readonly code: ProblemCode;
  readonly message: string;
  /** From HTTP's side: a `ProblemError`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly httpStatus?: number;
  readonly reason?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
  readonly issues?: readonly Issue[] | readonly ProblemIssue[];
}

/** What it says, without its stack. */
export function toFailure(error: unknown): Failure {
  if (error instanceof ProblemError) {
    const { code, message, headers } = error;
    return { code, message, headers };
  }
  if (!isStatusReporterError(error)) {
    return { code: 'internal', message: error instanceof Error ? error.message : String(error) };
  }
  const { code, message } = error;
  if (isInvalidStatusError(error)) return { code, message, issues: error.issues };
  if (!isApiError(error)) return { code, message };
  const { httpStatus, reason, causes, retryAfterSeconds } = error;
  return { code, message, httpStatus, ...defined({ reason, causes, retryAfterSeconds }) };
}

/** The error again, for guards and answers. */
export function fromFailure(failure: Failure): Error {
  const { code, message, headers, httpStatus, issues } = failure;
  if (headers !== undefined) return new ProblemError(code, message, headers);
  if (code === 'internal') return new Error(message);
  if (issues !== undefined) return new InvalidStatusError(issues as readonly Issue[]);
  const known = code as StatusReporterError['code'];
  return httpStatus === undefined
    ? new StatusReporterError(known, message)
    : new ApiError(known, message, { ...failure, httpStatus });
}
