/** One request on its way through the fake: what was read of it, and what an answer needs. */
import { type Authorizer, denial } from './authorization.ts';
import type { User } from './identity.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import type { RequestInfo } from './request-info.ts';
import type { ResourceStorage } from './resource-storage.ts';
import { badRequest, entityTooLarge, forbidden } from './status-error.ts';
import type { Store } from './store.ts';
import type { Tokens } from './tokens.ts';

/** What all requests share. */
export interface Cluster {
  readonly store: Store;
  readonly tokens: Tokens;
  readonly authorizer: Authorizer;
  /** By `<resource>.<group>`. */
  readonly storages: ReadonlyMap<string, ResourceStorage>;
  /** Versions of the VirtualMCPServer that are served. */
  readonly versions: readonly string[];
  readonly now: () => Date;
  /** Host and port that discovery names. */
  readonly host: string;
}

export interface Call {
  readonly cluster: Cluster;
  readonly request: Request;
  readonly info: RequestInfo;
  readonly query: URLSearchParams;
  readonly user: User;
  /** The body as text. */
  readonly body: string;
  /** Texts for `Warning` headers. */
  readonly warnings: string[];
}

/** @throws StatusError 403 where the user may not do what the call is about */
export function authorize({ cluster, info, user }: Call): void {
  const { verb, group, resource, subresource, namespace, name } = info;
  const attributes = {
    verb,
    group,
    resource,
    subresource,
    namespace,
    name,
    ...(info.isResource ? {} : { path: info.path }),
  };
  if (!cluster.authorizer.decide(user, attributes).allowed) {
    throw forbidden({ group, resource }, name, denial(user, attributes));
  }
}

const mostBytes = 3 * 1024 * 1024;

/** @throws StatusError 413 for more than 3 MiB */
export function checkBodySize(body: string): void {
  if (body.length > mostBytes) throw entityTooLarge(`limit is ${mostBytes}`);
}

/** The body as a JSON object. @throws StatusError 400 */
export function jsonBody(call: Call): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(call.body) as Json;
  } catch (error) {
    throw badRequest(
      `error decoding the body: expected JSON: ${error instanceof Error ? error.message : ''}`,
    );
  }
  if (!isObject(value)) throw badRequest('error decoding the body: expected a JSON object');
  return value;
}

/** `application/json; charset=utf-8` without its parameters. */
export function mediaTypeOf(request: Request): string {
  return (request.headers.get('content-type') ?? '').split(';', 1)[0]?.trim() ?? '';
}

/** An answer as the API server gives it. */
export function answer(
  call: Pick<Call, 'warnings'>,
  status: number,
  body: object,
  extra: Record<string, string> = {},
): Response {
  const headers = new Headers({
    'cache-control': 'no-cache, private',
    'content-type': 'application/json',
    ...extra,
  });
  for (const warning of new Set(call.warnings)) headers.append('warning', `299 - ${JSON.stringify(warning)}`);
  return new Response(`${JSON.stringify(body)}\n`, { status, headers });
}
