/**
 * Refusals of the API server, as `metav1.Status` words them.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */

/** One entry of `details.causes`. */
export interface Cause {
  reason?: string;
  message?: string;
  field?: string;
}

/** `details` of a Status. */
export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: Cause[];
  retryAfterSeconds?: number;
}

/** An answer other than success; thrown by whatever finds it out, answered by the app. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  /** HTTP status. */
  readonly code: number;
  /** Absent where the API server gives none: it does so for faults it did not expect. */
  readonly reason?: string;
  readonly details?: StatusDetails;

  constructor(code: number, reason: string | undefined, message: string, details?: StatusDetails) {
    super(message);
    this.code = code;
    if (reason !== undefined) this.reason = reason;
    if (details !== undefined) this.details = details;
  }

  /** The body of the answer. */
  toStatus(): object {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason === undefined ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    };
  }
}

/** A resource type, or a kind, and its group. */
export interface GroupResource {
  readonly group: string;
  readonly resource: string;
}

/** As error messages print it: `virtualmcpservers.toolhive.stacklok.dev`, `leases.coordination.k8s.io`, `pods`. */
export function qualified({ group, resource }: GroupResource): string {
  return group === '' ? resource : `${resource}.${group}`;
}

function detailsOf({ group, resource }: GroupResource, name: string): StatusDetails {
  return {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    ...(resource === '' ? {} : { kind: resource }),
  };
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

export function unauthorized(): StatusError {
  return new StatusError(401, 'Unauthorized', 'Unauthorized');
}

export function forbidden(resource: GroupResource, name: string, why: string): StatusError {
  const what =
    resource.resource === ''
      ? ''
      : `${qualified(resource)} ${name === '' ? '' : `${JSON.stringify(name)} `}is `;
  return new StatusError(403, 'Forbidden', `${what}forbidden: ${why}`, detailsOf(resource, name));
}

export function notFound(resource: GroupResource, name: string): StatusError {
  const message = `${qualified(resource)} ${JSON.stringify(name)} not found`;
  return new StatusError(404, 'NotFound', message, detailsOf(resource, name));
}

/** The resource type, or the path within it, is not served. */
export function unknownResource(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function methodNotAllowed(resource: GroupResource, verb: string): StatusError {
  const message = `${verb} is not supported on resources of kind ${JSON.stringify(qualified(resource))}`;
  return new StatusError(405, 'MethodNotAllowed', message, detailsOf(resource, ''));
}

/** The path knows no such method. */
export function unknownMethod(): StatusError {
  const message = 'the server does not allow this method on the requested resource';
  return new StatusError(405, 'MethodNotAllowed', message, {});
}

export function notAcceptable(accepted: readonly string[]): StatusError {
  return new StatusError(
    406,
    'NotAcceptable',
    `only the following media types are accepted: ${accepted.join(', ')}`,
  );
}

export function alreadyExists(resource: GroupResource, name: string): StatusError {
  const message = `${qualified(resource)} ${JSON.stringify(name)} already exists`;
  return new StatusError(409, 'AlreadyExists', message, detailsOf(resource, name));
}

export function conflict(resource: GroupResource, name: string, why = changedMeanwhile): StatusError {
  const message = `Operation cannot be fulfilled on ${qualified(resource)} ${JSON.stringify(name)}: ${why}`;
  return new StatusError(409, 'Conflict', message, detailsOf(resource, name));
}

const changedMeanwhile =
  'the object has been modified; please apply your changes to the latest version and try again';

export function applyConflict(message: string, causes: Cause[]): StatusError {
  return new StatusError(409, 'Conflict', message, { causes });
}

/** The history that the client asks for is gone. */
export function expired(message: string): StatusError {
  return new StatusError(410, 'Expired', message);
}

export function entityTooLarge(message: string): StatusError {
  return new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: ${message}`);
}

export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return new StatusError(415, 'UnsupportedMediaType', message);
}

/** One fault of a field, already in words. */
export interface FieldFault {
  readonly reason: string;
  /** `status.phase`; empty for the object itself. */
  readonly field: string;
  readonly message: string;
}

export function invalid(kind: GroupResource, name: string, faults: readonly FieldFault[]): StatusError {
  const causes = faults.map(({ reason, message, field }) => ({
    reason,
    message,
    field: field === '' ? '<nil>' : field,
  }));
  const lines = [
    ...new Set(faults.map(({ field, message }) => `${field === '' ? '<nil>' : field}: ${message}`)),
  ];
  const list = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  const message = `${qualified(kind)} ${JSON.stringify(name)} is invalid${lines.length === 0 ? '' : `: ${list}`}`;
  return new StatusError(422, 'Invalid', message, {
    ...detailsOf(kind, name),
    ...(causes.length === 0 ? {} : { causes }),
  });
}

/** A JSON patch that does not apply. Why, the API server does not say. */
export function unprocessable(): StatusError {
  return new StatusError(
    422,
    'Invalid',
    'the server rejected our request due to an error in our request',
    {},
  );
}

export function tooManyRequests(retryAfterSeconds: number): StatusError {
  const message = 'The server has received too many requests and has asked us to try again later';
  return new StatusError(429, 'TooManyRequests', message, { retryAfterSeconds });
}

/** A fault inside the API server. */
export function internalError(message: string): StatusError {
  const details = { causes: [{ message }] };
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`, details);
}

/** A fault that the API server did not foresee: status 500 and no reason. */
export function unforeseen(message: string): StatusError {
  return new StatusError(500, undefined, message);
}

/** A read asked for a resourceVersion that is not there yet. */
export function resourceVersionTooLarge(asked: number, current: number): StatusError {
  const message = `Timeout: Too large resource version: ${asked}, current: ${current}`;
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
  return new StatusError(504, 'Timeout', message, { causes, retryAfterSeconds: 1 });
}
