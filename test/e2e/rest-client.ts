// The plainest possible HTTPS client for a Kubernetes API: the truth is measured with this one, not with the project's.
import { Agent, request as httpsRequest } from 'node:https';

export interface RestOptions {
  /** Bearer token; default: the administrator's. An empty string sends no Authorization header. */
  token?: string;
  headers?: Record<string, string>;
  /** A string is sent as it is, anything else as JSON. */
  body?: unknown;
}

export interface RestResponse {
  status: number;
  /** Lower-case names; repeated headers are joined with ", ". */
  headers: Record<string, string>;
  text: string;
  /** The parsed body, or undefined where it is not JSON. */
  json: any;
}

export interface RestClient {
  request(method: string, path: string, options?: RestOptions): Promise<RestResponse>;
  close(): void;
}

export interface RestClientOptions {
  server: string;
  ca: string;
  token: string;
  /** Milliseconds without an answer; default one minute. */
  timeout?: number;
}

export function createRestClient({ server, ca, token, timeout = 60_000 }: RestClientOptions): RestClient {
  const { hostname, port } = new URL(server);
  const agent = new Agent({ keepAlive: true, ca });

  return {
    request(method, path, options = {}) {
      const body =
        options.body === undefined || typeof options.body === 'string'
          ? options.body
          : JSON.stringify(options.body);
      const bearer = options.token ?? token;
      const headers: Record<string, string | number> = {
        accept: 'application/json',
        ...(bearer === '' ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
        ...options.headers,
      };
      return new Promise<RestResponse>((resolve, reject) => {
        // `path` goes out as it is: no URL object may normalise it.
        const call = httpsRequest({ agent, hostname, port, method, path, headers, timeout }, answer => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (chunk: string) => {
            text += chunk;
          });
          answer.once('error', reject);
          answer.once('end', () =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: flat(answer.headers),
              text,
              json: parsed(text),
            }),
          );
        });
        call.once('error', reject);
        call.once('timeout', () =>
          call.destroy(new Error(`${method} ${path}: no answer within ${timeout} ms`)),
        );
        call.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}

function flat(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

function parsed(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
