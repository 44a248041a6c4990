/** The fake API server as a Hono app: authentication, authorization and dispatch, in the API server's order. */
import { Hono } from 'hono';
import { type Authenticator, authenticate } from './authentication.ts';
import { denial } from './authorization.ts';
import { reviewTypes } from './builtin-types.ts';
import { answer, type Call, type Cluster, checkBodySize, mediaTypeOf } from './call.ts';
import { answerPath } from './discovery.ts';
import type { User } from './identity.ts';
import { type RequestInfo, requestInfo } from './request-info.ts';
import type { RequestLog } from './request-log.ts';
import { answerResource } from './resource-handler.ts';
import { answerReview, answerTokenRequest } from './reviews.ts';
import { forbidden, StatusError, unknownResource } from './status-error.ts';

export interface AppOptions {
  readonly cluster: Cluster;
  readonly authenticator: Authenticator;
  readonly log: RequestLog;
  readonly pathPrefix: string;
}

export function createApp({ cluster, authenticator, log, pathPrefix }: AppOptions): Hono {
  const app = new Hono();
  app.all('*', async context => {
    const request = context.req.raw;
    const { pathname, searchParams: query } = new URL(request.url);
    if (!pathname.startsWith(`${pathPrefix}/`)) return pageNotFound();
    const path = pathname.slice(pathPrefix.length);
    const text = await request.text();
    const info = requestInfo(request.method, path, query);
    const seen: { user?: User } = {};
    const response = await respond(request, query, text, info, seen);
    log.add({
      method: request.method,
      path,
      query: Object.fromEntries(query),
      contentType: mediaTypeOf(request),
      accept: request.headers.get('accept') ?? '',
      user: seen.user?.name ?? '',
      status: response.status,
      text,
    });
    return response;
  });

  async function respond(
    request: Request,
    query: URLSearchParams,
    body: string,
    info: RequestInfo,
    seen: { user?: User },
  ): Promise<Response> {
    const warnings: string[] = [];
    try {
      const user = authenticate(request, authenticator);
      seen.user = user;
      const call: Call = { cluster, request, info, query, user, body, warnings };
      authorize(call);
      checkBodySize(body);
      return dispatch(call);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return refuse(error, warnings);
    }
  }

  return app;
}

function authorize({ cluster, info, user }: Call): void {
  const { verb, group, resource, subresource, namespace, name } = info;
  const attributes = { verb, group, resource, subresource, namespace, name, ...(info.isResource ? {} : { path: info.path }) };
  if (!cluster.authorizer.allows(user, attributes)) throw forbidden({ group, resource }, name, denial(user, attributes));
}

function dispatch(call: Call): Response {
  const { info, cluster } = call;
  if (!info.isResource) return answerPath(call) ?? pageNotFound();
  const review = reviewTypes.find(({ group, resource }) => group === info.group && resource === info.resource);
  if (review !== undefined && info.version === 'v1' && info.name === '') return answerReview(call, review);
  const storage = cluster.storages.get(info.group === '' ? info.resource : `${info.resource}.${info.group}`);
  const isBuiltin = storage?.type.schema === undefined;
  if (storage === undefined || !storage.type.versions.includes(info.version) || info.tooDeep) {
    const isServed = [...cluster.storages.values()].some(
      ({ type }) => type.schema === undefined && type.group === info.group && type.versions.includes(info.version),
    );
    if (isServed) throw unknownResource();
    return pageNotFound();
  }
  const acrossNamespaces = info.namespace === '' && ['list', 'watch'].includes(info.verb);
  if (storage.type.namespaced && info.namespace === '' && !acrossNamespaces) {
    if (isBuiltin) throw unknownResource();
    return pageNotFound();
  }
  if (info.resource === 'serviceaccounts' && info.subresource === 'token') return answerTokenRequest(call);
  return answerResource(call, storage);
}

function pageNotFound(): Response {
  return new Response('404 page not found\n', { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}

function refuse(error: StatusError, warnings: string[]): Response {
  const seconds = error.details?.retryAfterSeconds;
  return answer({ warnings }, error.code, error.toStatus(), seconds === undefined ? {} : { 'retry-after': String(seconds) });
}
