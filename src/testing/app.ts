/** The fake API server as a Hono app: authentication, authorization and dispatch, in the API server's order. */
import { Hono } from 'hono';
import { type Authenticator, authenticate } from './authentication.ts';
import { reviewTypes } from './builtin-types.ts';
import { answer, authorize, type Call, type Cluster, checkBodySize, mediaTypeOf } from './call.ts';
import { answerPath } from './discovery.ts';
import type { User } from './identity.ts';
import { impersonate } from './impersonation.ts';
import { type RequestInfo, requestInfo } from './request-info.ts';
import type { RequestLog } from './request-log.ts';
import { answerResource } from './resource-handler.ts';
import { answerReview } from './reviews.ts';
import { StatusError, unknownResource } from './status-error.ts';
import { answerTokenRequest } from './token-request.ts';

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
      const user = impersonate(request, authenticate(request, authenticator), cluster.authorizer);
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

function dispatch(call: Call): Response {
  const { info, cluster } = call;
  if (!info.isResource) return answerPath(call) ?? pageNotFound();
  const review = reviewTypes.find(
    ({ group, resource }) => group === info.group && resource === info.resource,
  );
  if (review !== undefined && info.version === 'v1' && info.name === '') return answerReview(call, review);
  const storage = cluster.storages.get(info.group === '' ? info.resource : `${info.resource}.${info.group}`);
  if (storage === undefined || !storage.type.versions.includes(info.version)) return unknownType(call);
  const isMissingNamespace =
    storage.type.namespaced && info.namespace === '' && !['list', 'watch'].includes(info.verb);
  if (isMissingNamespace) return unknownType(call);
  if (info.resource === 'serviceaccounts' && info.subresource === 'token') return answerTokenRequest(call);
  return answerResource(call, storage);
}

/** A built-in group answers for itself, the group of a custom resource leaves it to nobody. */
function unknownType({ cluster, info }: Call): Response {
  const types = [...cluster.storages.values()].map(storage => storage.type);
  const isBuiltin = types.some(
    ({ schema, group, versions }) =>
      schema === undefined && group === info.group && versions.includes(info.version),
  );
  if (isBuiltin) throw unknownResource();
  return pageNotFound();
}

function pageNotFound(): Response {
  return new Response('404 page not found\n', {
    status: 404,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  });
}

function refuse(error: StatusError, warnings: string[]): Response {
  const seconds = error.details?.retryAfterSeconds;
  return answer(
    { warnings },
    error.code,
    error.toStatus(),
    seconds === undefined ? {} : { 'retry-after': String(seconds) },
  );
}
