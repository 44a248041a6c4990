import { createTransport } from '#transport';
import { defined } from '../../defined.ts';
import { StatusReporterError } from '../../errors.ts';
import { type FetchLike, fromFetch } from '../../transport/from-fetch.ts';
import type { Credentials } from '../../types.ts';

/**
 * Checks whether the API server is there: everybody may ask for its version, and whoever may not has still reached it.
 *
 * @param fetch of the binding, where there is one
 * @throws StatusReporterError
 */
export function checkApiServer(credentials: Credentials, fetch: FetchLike | undefined) {
  return async (signal: AbortSignal): Promise<void> => {
    const { server, tls } = await credentials.access({ signal });
    const transport = fetch ? fromFetch(fetch) : createTransport(defined({ tls }));
    const answer = await transport.request({ method: 'GET', url: `${server}/version`, headers: {}, signal });
    if (answer.status >= 500) {
      throw new StatusReporterError('unavailable', `The API server answers ${answer.status}.`);
    }
  };
}
