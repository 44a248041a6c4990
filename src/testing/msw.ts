/**
 * `vmcp-status-reporter/testing/msw`: the fake API server as request handlers of MSW. MSW sees what goes through the
 * global `fetch`, `XMLHttpRequest` and `node:http`, and not what undici sends: a reporter is made visible to it with
 * `createReporter({ fetch })`.
 *
 * @see https://mswjs.io/docs/
 */
import { http, type RequestHandler } from 'msw';
import type { FakeApiServer } from './api-server.ts';
import type { FetchLike } from './faults.ts';

/**
 * Handlers for `setupServer(...)` or `setupWorker(...)` that answer every request to the server's base URL.
 *
 * @param api the fake API server
 * @param options.fetch answers instead of `api.fetch`: `withFaults(api.fetch, throttle())`
 */
export function fakeApiHandlers(
  api: Pick<FakeApiServer, 'server' | 'fetch'>,
  options: { fetch?: FetchLike } = {},
): RequestHandler[] {
  const answer = options.fetch ?? api.fetch;
  return [http.all(`${api.server}/*`, ({ request }) => answer(request.clone()))];
}
