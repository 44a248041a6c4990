/** A server of its runtime and nothing else: no framework, no limits, no headers. What HTTP costs. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cohort } from 'vmcp-status-reporter/http';
import { bunServe } from './bun.ts';

export interface PlainRequest {
  readonly namespace: string;
  readonly name: string;
  readonly body: string;
  readonly headers: Headers;
}

/**
 * Serves reports; those of one turn of the event loop are taken together.
 *
 * @param answer gives the JSON that answers a report
 * @returns the port
 */
export async function servePlainly(answer: (request: PlainRequest) => Promise<string>): Promise<number> {
  const report = cohort((path: string, body: string, headers: () => Headers): Promise<string> => {
    const [, , , namespace = '', , name = ''] = path.split('/');
    return answer({
      namespace,
      name,
      body,
      get headers() {
        return headers();
      },
    });
  });
  const said = { 'content-type': 'application/json' };
  const serve = bunServe();
  if (serve) {
    return serve(async request => {
      const { pathname } = new URL(request.url);
      return new Response(await report(pathname, await request.text(), () => request.headers), {
        headers: said,
      });
    });
  }
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const { authorization = '' } = request.headers;
      const text = await report(
        request.url!,
        Buffer.concat(chunks).toString(),
        () => new Headers({ authorization }),
      );
      response.writeHead(200, { ...said, 'content-length': Buffer.byteLength(text) }).end(text);
    });
  });
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));
  return (http.address() as AddressInfo).port;
}
