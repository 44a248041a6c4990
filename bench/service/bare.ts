/** The library behind the server of its runtime and nothing else: no framework, no checks, no token. What HTTP costs. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createReporter, type Reporter, type Status, staticCredentials } from 'vmcp-status-reporter';
import { cohort } from 'vmcp-status-reporter/http';
import type { Destination } from '../support/contestant.ts';
import { bunServe } from './bun.ts';

/** @returns the port */
export async function serveBare({ server, ca, token }: Destination): Promise<number> {
  const credentials = staticCredentials({ server, token, tls: { ca } });
  const reporters = new Map<string, Reporter>();

  const report = cohort(async (path: string, body: string): Promise<string> => {
    const [, , , namespace = '', , name = ''] = path.split('/');
    let reporter = reporters.get(name);
    if (reporter === undefined) {
      reporter = createReporter({ namespace, name, credentials });
      reporters.set(name, reporter);
    }
    return JSON.stringify(await reporter.reportStatus(JSON.parse(body) as Status));
  });

  const headers = { 'content-type': 'application/json' };
  const serve = bunServe();
  if (serve) {
    const answer = async (request: Request) =>
      new Response(await report(new URL(request.url).pathname, await request.text()), { headers });
    return serve(answer);
  }
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const text = await report(request.url!, Buffer.concat(chunks).toString());
      response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(text) }).end(text);
    });
  });
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));
  return (http.address() as AddressInfo).port;
}
