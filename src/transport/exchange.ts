import type { OwnRequest, TransportResponse } from '../types.ts';
import { checkHeaders, refuseRedirect, transportFailure } from './failure.ts';

/**
 * One exchange, with what every transport promises: it fails with errors of ours.
 *
 * @param send rejects as soon as the signal fires; status 0 where the runtime hides a redirect
 */
export function exchange(
  request: OwnRequest,
  send: (request: OwnRequest) => Promise<TransportResponse>,
): Promise<TransportResponse> {
  try {
    checkHeaders(request.headers);
    if (request.signal?.aborted) throw request.signal.reason;
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
