import { StatusReporterError } from '../../errors.ts';
import type { Credentials, Transport } from '../../types.ts';

/**
 * Checks whether the API server is there: everybody may ask for its version, and whoever may not has still reached it.
 *
 * @throws StatusReporterError
 */
export function checkApiServer(credentials: Credentials, transport: Transport) {
  return async (signal: AbortSignal): Promise<void> => {
    const { server } = await credentials.access({ signal });
    const headers = { accept: 'application/json' };
    const answer = await transport.request({ method: 'GET', url: `${server}/version`, headers, signal });
    if (answer.status < 500) return;
    throw new StatusReporterError('unavailable', `The API server answers ${answer.status}.`);
  };
}
