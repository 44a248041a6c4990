import { detectCredentials } from '../credentials/detect.ts';
import { ConfigurationError } from '../errors.ts';
import { type AppOptions, createApp, createDispatcher, createMemoryStore } from '../http/app.ts';
import { token } from '../http/auth/token.ts';
import { K8sReporter } from '../reporter/kubernetes.ts';

/** Variables, secrets and bindings of the Worker; further ones say where the API server is. */
export interface Env extends Readonly<Record<string, unknown>> {
  /** Secret that callers send as bearer token. Without it nobody may report. */
  readonly SERVICE_TOKEN?: string;
  /** Binding whose `fetch` reaches the API server: a VPC service, or one with a client certificate. */
  readonly API_SERVER?: { readonly fetch: typeof fetch };
}

/**
 * The service as a Worker. Everything is made for each request: on Workers, what one request waits for must not be the
 * work of another, which ends with the answer to that other one; a shared reporter would leave its queue hanging.
 */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return createApp(appOptions(env)).fetch(request);
  },
};

/** Nobody may report where there is no secret: a Worker is open to everyone. */
function appOptions(env: Env): AppOptions {
  const { SERVICE_TOKEN: secret, API_SERVER: binding } = env;
  const credentials = detectCredentials({ env });
  const store = createMemoryStore();
  const dispatcher = createDispatcher({
    store,
    create: target =>
      new K8sReporter({
        ...target,
        credentials,
        logger: console,
        ...(binding && { fetch: (url, init) => binding.fetch(url, init) }),
      }),
    logger: console,
  });
  const authenticate = secret
    ? token({ tokens: [{ name: 'SERVICE_TOKEN', token: secret, targets: ['*/*'] }] })
    : closed;
  return { dispatcher, store, authenticate, logger: console };
}

const closed = () => {
  throw new ConfigurationError(
    'No secret SERVICE_TOKEN is set, so nobody may report. Set it: wrangler secret put SERVICE_TOKEN',
  );
};
