import { type ErrorCode, StatusReporterError } from '../../errors.ts';
import type { Problem, ProblemCode, ResourceStatus, Target } from '../../http/app.ts';
import type { ReportResult } from '../../reporter/reporter.ts';
import type { Remote } from './remote.ts';

export interface ServiceOptions {
  /** Base URL of the service; a path prefix is kept. */
  readonly url: string;
  /** Bearer token. Default: none. */
  readonly token?: string | undefined;
  /** Milliseconds for a request. */
  readonly timeout: number;
}

/** A resource as the service shows it. Does no IO. @throws StatusReporterError `configuration` */
export function openService(target: Target, { url, token, timeout }: ServiceOptions): Remote {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
    throw new StatusReporterError(
      'configuration',
      `--service: expected an http: or https: URL, found "${url}".`,
    );
  }
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw new StatusReporterError(
      'configuration',
      '--token-file: expected one bearer token, found something else.',
    );
  }
  const path = `/v1/namespaces/${target.namespace}/virtualmcpservers/${target.name}/status`;

  async function send<T>(method: string, body?: object): Promise<T> {
    const request = {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeout),
    } as const;
    const [response, text] = await fetch(url.replace(/\/+$/, '') + path, request)
      .then(async response => [response, await response.text()] as const)
      .catch(cause => {
        throw unreachable(url, timeout, cause);
      });
    const answer = objectIn(text);
    if (response.ok && answer !== undefined) return answer as T;
    throw refusal(response.status, answer ?? {});
  }

  return {
    ...target,
    report: status => send<ReportResult>('PUT', status),
    read: () => send<ResourceStatus>('GET'),
    async [Symbol.asyncDispose]() {},
  };
}

function unreachable(url: string, timeout: number, cause: unknown): StatusReporterError {
  if ((cause as Error).name === 'TimeoutError') {
    return new StatusReporterError('timeout', `The service at ${url} did not answer within ${timeout} ms.`);
  }
  const { message } = ((cause as Error).cause as Error | undefined) ?? (cause as Error);
  return new StatusReporterError('unavailable', `The service at ${url} cannot be reached: ${message}`, {
    cause,
  });
}

/** Codes that only the service has, in those that the command line knows. */
const codes: Partial<Record<ProblemCode, ErrorCode>> = {
  malformed: 'invalid_status',
  unauthenticated: 'unauthorized',
  // The service's own credential was refused: nothing that the caller's could change.
  unauthorized: 'unavailable',
  internal: 'unavailable',
  method_not_allowed: 'rejected',
  unsupported_media_type: 'rejected',
};

function refusal(status: number, { code, detail, issues = [] }: Partial<Problem>): StatusReporterError {
  const lines = issues.map(({ path, message }) => `\n  ${path || '/'}: ${message}`).join('');
  const said = detail ?? 'nothing that this program understands; is the URL that of the service?';
  const known = code === undefined ? 'protocol' : (codes[code] ?? (code as ErrorCode));
  return new StatusReporterError(known, `The service answered ${status}: ${said}${lines}`);
}

function objectIn(text: string): object | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
