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
export async function exchange(
  request: TransportRequest,
  send: (request: TransportRequest) => Promise<Answer>,
): Promise<TransportResponse> {
  checkHeaders(request.headers);
  try {
    request.signal?.throwIfAborted();
    const { status, header, text, body } = await send(request);
    if (status === 0 || (status >= 300 && status < 400)) {
      throw await redirectRefused(request, status, header('location'));
    }
    return { status, header, text: async () => text, body };
  } catch (error) {
    throw await transportFailure(error, request);
  }
}
