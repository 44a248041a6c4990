import type { TransportRequest, TransportResponse } from '../types.ts';
import { checkHeaders, redirectRefused, transportFailure } from './failure.ts';

/** An answer, read to its end: a body left unread would hold its connection. */
export interface Answer {
  /** 0 where the runtime hides a redirect. */
  readonly status: number;
  /** Value of a header, by its lower-case name. */
  header(name: string): string | undefined;
  readonly text: string;
  /** What is not read here, where a stream was asked for. */
  readonly body?: AsyncIterable<Uint8Array> | undefined;
}

/**
 * One exchange, with what every transport promises: it fails with errors of ours.
 *
 * @param send rejects as soon as the signal fires
 */
export function exchange(
  request: TransportRequest,
  send: (request: TransportRequest) => Promise<Answer>,
): Promise<TransportResponse> {
  try {
    checkHeaders(request.headers);
    request.signal?.throwIfAborted();
  } catch (error) {
    return Promise.reject(error);
  }
  return send(request).then(
    ({ status, header, text, body }) => {
      if (status === 0 || (status >= 300 && status < 400)) {
        return redirectRefused(request, status, header('location')).then(refused => {
          throw refused;
        });
      }
      return { status, header, text: async () => text, body };
    },
    async error => {
      throw await transportFailure(error, request);
    },
  );
}
