import type { TransportRequest, TransportResponse } from '../types.ts';
import { checkHeaders, refuseRedirect, transportFailure } from './failure.ts';

/**
 * One exchange, with what every transport promises: it fails with errors of ours.
 *
 * @param send rejects as soon as the signal fires; status 0 where the runtime hides a redirect
 */
export function exchange(
  request: TransportRequest,
  send: (request: TransportRequest) => Promise<TransportResponse>,
): Promise<TransportResponse> {
  try {
    checkHeaders(request.headers);
    request.signal?.throwIfAborted();
  } catch (error) {
    return Promise.reject(error);
  }
  return send(request).then(
    response => {
      const { status } = response;
      if (status > 0 && (status < 300 || status > 399)) return response;
      return refuseRedirect(request, response);
    },
    async error => {
      throw await transportFailure(error, request);
    },
  );
}
