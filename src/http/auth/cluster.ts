import { createTransport } from '#transport';
import { Call } from '../../api/call.ts';
import { createApiClient } from '../../api/client.ts';
import { connectWith } from '../../api/connection.ts';
import type { ApiRequest } from '../../api/requests.ts';
import { ConfigurationError, isApiError } from '../../errors.ts';
import { type FetchLike, fromFetch } from '../../transport/from-fetch.ts';
import { givenTransport } from '../../transport/given.ts';
import { followAccess } from '../../transport/pool.ts';
import type { Credentials, Transport } from '../../types.ts';

/** How an API server is asked. */
export interface ClusterOptions {
  /** Sends requests instead of the runtime's own `fetch`: a Workers binding's. Trust is then its business. */
  readonly fetch?: FetchLike;
  /** Or a whole transport; who made it closes it. */
  readonly transport?: Transport;
  /** Milliseconds for one question, all attempts included. Default 5,000. */
  readonly timeout?: number;
}

/**
 * Sends one request as whoever the credentials say.
 *
 * @param what what is being done, to begin an error message with
 * @throws ApiError, StatusReporterError
 */
export type Ask = <T>(credentials: Credentials, request: ApiRequest, what: string) => Promise<T>;

export function createAsk({ fetch, transport, timeout = 5_000 }: ClusterOptions): Ask {
  const given = transport ? givenTransport(transport) : fetch && fromFetch(fetch);
  const connection = given === undefined ? followAccess(createTransport) : { for: () => given };
  return (credentials, request, what) =>
    createApiClient({
      connect: connectWith(credentials, connection),
      timeout,
    }).send(request, what, new Call(timeout));
}

/**
 * Runs a question that the service asks as itself: that it may not is no fault of the caller.
 *
 * @param instead what to do about it
 * @throws ConfigurationError for a 403
 */
export async function asService<T>(question: Promise<T>, instead: string): Promise<T> {
  try {
    return await question;
  } catch (error) {
    if (!isApiError(error) || error.code !== 'forbidden') throw error;
    throw new ConfigurationError(`${error.message}. ${instead}`, { cause: error });
  }
}
