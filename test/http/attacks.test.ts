// The attacks on the app itself, without a server.
import { describe } from 'vitest';
import { staticCredentials } from '../../src/credentials/static.ts';
import { createApp, createDispatcher, createMemoryStore, createMetrics, jwt } from '../../src/http/app.ts';
import { K8sReporter } from '../../src/reporter/kubernetes.ts';
import type { AttackPlan } from './attacks.ts';
import { type Attacked, attackSuite, type Surroundings } from './attacks-suite.ts';
import type { RawRequest } from './attacks-targets.ts';

describe('the app', () => {
  attackSuite(startApp, false);
});

async function startApp({ plan, api, serviceToken }: Surroundings): Promise<Attacked> {
  let log = '';
  const note = (message: string, fields?: object) => {
    log += `${message} ${JSON.stringify(fields)}\n`;
  };
  const logger = { debug: note, info: note, warn: note, error: note };
  const store = createMemoryStore();
  const credentials = staticCredentials({ server: api.server, token: serviceToken });
  const dispatcher = createDispatcher({
    store,
    create: (target, _, settings) =>
      new K8sReporter({ ...target, ...settings, credentials, fetch: api.fetch, logger }),
  });
  const app = createApp({
    dispatcher,
    store,
    authenticate: authenticator(plan),
    metrics: createMetrics(),
    logger,
  });
  return {
    async send(request) {
      const answer = await app.fetch(toRequest(request), { rawPath: request.target });
      const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`);
      return { status: answer.status, text: `${headers.join('\n')}\n${await answer.text()}` };
    },
    log: () => log,
    close: () => dispatcher.close(),
  };

  function authenticator({ issuer, audience, jwks }: AttackPlan) {
    return jwt({ issuer, audience, jwks: jwks as { keys: [] }, logger });
  }
}

function toRequest({ method, target, headers, body }: RawRequest): Request {
  return new Request(`http://service.test${target}`, {
    method,
    headers,
    ...(body !== undefined && { body: body as BodyInit }),
  });
}
