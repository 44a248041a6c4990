import { abortSignal } from '../abort.ts';
import { defined } from '../defined.ts';
import type { Sender, Transport, TransportRequest } from '../types.ts';

/** A transport that a program brought, as one of ours: it is handed AbortSignals, and nothing that is `undefined`. */
export function givenTransport(transport: Transport): Sender {
  return {
    request({ signal, ...request }) {
      return transport.request(defined({ ...request, signal: abortSignal(signal) }) as TransportRequest);
    },
  };
}
