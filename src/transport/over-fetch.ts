import type { Sender } from '../types.ts';
import type { FetchLike } from './from-fetch.ts';

/**
 * `fromFetch`, loaded where a program gives its own `fetch`: on Node and Deno the usual transport is another. It loads
 * beforehand, since a deployment may replace the files of a running process.
 */
export function overFetch(fetch: FetchLike): Sender {
  const loading = import('./from-fetch.ts').then(({ fromFetch }) => fromFetch(fetch));
  loading.catch(() => {});
  return {
    request: async request => (await loading).request(request),
  };
}
