import type { Dispatcher } from 'undici';
import type { TransportResponse } from '../types.ts';
import { textOf } from './undici-handler.ts';

/** One exchange whose body, of a 200, is handed over as it comes. Loaded with the first watch. */
export async function streamExchange(
  dispatcher: Dispatcher,
  options: Dispatcher.RequestOptions,
): Promise<TransportResponse> {
  const { statusCode, headers, body } = await dispatcher.request(options);
  const streams = statusCode === 200;
  return {
    status: statusCode,
    header: name => textOf(headers[name]),
    text: streams ? '' : await body.text(),
    body: streams ? body : undefined,
  };
}
