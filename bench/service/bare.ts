/** The library behind the server of its runtime and nothing else: no checks of the request, no token. */

import { createReporter, type Reporter, type Status, staticCredentials } from 'vmcp-status-reporter';
import type { Destination } from '../support/contestant.ts';
import { servePlainly } from './plain.ts';

/** @returns the port */
export function serveBare({ server, ca, token }: Destination): Promise<number> {
  const credentials = staticCredentials({ server, token, tls: { ca } });
  const reporters = new Map<string, Reporter>();

  return servePlainly(async ({ namespace, name, body }) => {
    let reporter = reporters.get(name);
    if (reporter === undefined) {
      reporter = createReporter({ namespace, name, credentials });
      reporters.set(name, reporter);
    }
    return JSON.stringify(await reporter.reportStatus(JSON.parse(body) as Status));
  });
}
