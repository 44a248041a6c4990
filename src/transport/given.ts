import { abortSignal } from '../abort.ts';
import { defined } from '../defined.ts';
import type { OwnTransport, Transport } from '../types.ts';

/** A transport that a program brought, as one of ours: it is handed AbortSignals. */
export function givenTransport(transport: Transport): OwnTransport {
  return {
    request: ({ signal, ...request }) =>
      transport.request({ ...request, ...defined({ signal: abortSignal(signal) }) }),
    close: () => transport.close(),
    ...defined({ places: transport.places }),
  };
}
