// The attacks on the app itself, without a server.
import { describe } from 'vitest';
import { staticCredentials } from '../../src/credentials/static.ts';
import {
  type Authenticate,
  createApp,
  createDispatcher,
  createMemoryStore,
  createMetrics,
  jwt,
  type KeySet,
  passthrough,
  review,
  token,
} from '../../src/http/app.ts';
import { K8sReporter } from '../../src/reporter/kubernetes.ts';
import type { Logger } from '../../src/types.ts';
import { type Attacked, attackSuite, type Surroundings } from './attacks-suite.ts';
import type { RawRequest } from './attacks-targets.ts';

/** Every way to know callers; each knows the honest one by the same token. */
const ways: Record<string, (surroundings: Surroundings, logger: Logger) => Authenticate> = {
  jwt: ({ plan: { issuer, audience, jwks } }, logger) =>
    jwt({ issuer, audience, jwks: jwks as KeySet, logger }),
  token: ({ plan }, logger) =>
    token({ tokens: [{ name: 'gateway', token: plan.token, targets: ['team-a/*'] }], logger }),
  review: ({ api, serviceToken }) =>
    review({ credentials: staticCredentials({ server: api.server, token: serviceToken }), fetch: api.fetch }),
  passthrough: ({ api }) =>
    passthrough({ credentials: staticCredentials({ server: api.server }), fetch: api.fetch }),
};

describe.each(Object.keys(ways))('the app with %s', way => {
  const asks = way === 'review' || way === 'passthrough';
  attackSuite(surroundings => startApp(surroundings, ways[way]!), { wire: false, asks });
});

async function startApp(
  surroundings: Surroundings,
  authenticator: (surroundings: Surroundings, logger: Logger) => Authenticate,
): Promise<Attacked> {
  const { api, serviceToken } = surroundings;
  let log = '';
  const note = (message: string, fields?: object) => {
    log += `${message} ${JSON.stringify(fields)}\n`;
  };
  const logger = { debug: note, info: note, warn: note, error: note };
  const store = createMemoryStore();
  const credentials = staticCredentials({ server: api.server, token: serviceToken });
  const dispatcher = createDispatcher({
    store,
    create: (target, caller, settings) =>
      new K8sReporter({
        ...target,
        ...settings,
        credentials: caller.credentials ?? credentials,
        fetch: api.fetch,
        logger,
      }),
  });
  const app = createApp({
    dispatcher,
    store,
    authenticate: authenticator(surroundings, logger),
    metrics: createMetrics(),
    logger,
  });
  return {
    async send(request) {
      const answer = await app.fetch(toRequest(request), { incoming: { url: request.target } });
      const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`);
      return { status: answer.status, text: `${headers.join('\n')}\n${await answer.text()}` };
    },
    log: () => log,
    close: () => dispatcher.close(),
  };
}

function toRequest({ method, target, headers, body }: RawRequest): Request {
  return new Request(`http://service.test${target}`, {
    method,
    headers,
    ...(body !== undefined && { body: body as BodyInit }),
  });
}
