// What the cases share. Portable as they are.
import {
  type Access,
  type CreateReporterOptions,
  type Credentials,
  createReporter,
  isConfigurationError,
  isStatusReporterError,
  type Reporter,
  type Status,
} from 'vmcp-status-reporter';
import { assert, type Context, equal } from './harness.ts';

/** Whether code may say how to talk TLS; a Worker's platform must be configured for that instead. */
export const hasTls = ({ runtime }: Context): boolean => runtime !== 'workerd';

export const ready: Status = {
  phase: 'Ready',
  message: 'all backends are routable',
  conditions: [{ type: 'Ready', status: 'True', reason: 'AllBackendsReady', message: '' }],
  discoveredBackends: [
    { name: 'github', url: 'https://github.example/mcp', status: 'ready', lastHealthCheck: new Date() },
  ],
  backendCount: 1,
};

export interface Settings extends CreateReporterOptions {
  /** Differences to: the main server, a good token, trust in the CA where code may say so. */
  access?: { [Field in keyof Access]?: Access[Field] | undefined };
}

/** A reporter on a resource of its own, shut down afterwards. */
export async function withReporter(
  context: Context,
  { access, ...options }: Settings,
  work: (reporter: Reporter) => Promise<void>,
): Promise<void> {
  const { namespace, name } = context;
  await control(context, '/resource', {});
  const credentials = options.env === undefined ? { credentials: fixed(context, access) } : {};
  const reporter = createReporter({ namespace, name, shutdownTimeout: 1_000, ...credentials, ...options });
  try {
    await work(reporter);
  } finally {
    await shutDown(reporter);
  }
}

/** A report that could not be delivered is tried once more, and told of again: that is not the case's business. */
async function shutDown(reporter: Reporter): Promise<void> {
  try {
    await reporter[Symbol.asyncDispose]();
  } catch (error) {
    if (!['unavailable', 'timeout'].includes(codeOf(error))) throw error;
  }
}

function fixed(context: Context, differences: Settings['access'] = {}): Credentials {
  const access = {
    server: context.servers.main,
    token: context.token,
    ...(hasTls(context) && { tls: { ca: context.ca } }),
    ...differences,
  } as Access;
  return { source: 'the runtime suite', access: async () => access };
}

/**
 * As {@link withReporter}. Where the runtime cannot do what the settings ask for, `start` and every report must say so,
 * by a configuration error that matches `refusal`.
 */
export function whereSupported(
  context: Context,
  settings: Settings,
  refusal: RegExp,
  work: (reporter: Reporter) => Promise<void>,
): Promise<void> {
  return withReporter(context, settings, async reporter => {
    if (hasTls(context)) return work(reporter);
    for (const attempt of [() => reporter.start(), () => reporter.reportStatus(ready)]) {
      const error = await failure<unknown>(attempt);
      assert(isConfigurationError(error), `expected a configuration error, got ${error}`);
      assert(refusal.test(error.message), `the error does not say ${refusal}: ${error.message}`);
    }
  });
}

/** Reports `ready` and expects that a write made it so. */
export async function applies(reporter: Reporter, status: Status = ready): Promise<void> {
  equal((await reporter.reportStatus(status)).outcome, 'applied', 'outcome');
}

/** What `work` rejects with. */
export async function failure<T>(work: () => Promise<T>): Promise<unknown> {
  let result: T;
  try {
    result = await work();
  } catch (error) {
    return error;
  }
  throw new Error(`expected a failure, got ${JSON.stringify(result)}`);
}

export function codeOf(error: unknown): string {
  return isStatusReporterError(error) ? error.code : `no error of this package: ${error}`;
}

export type ServerName = 'main' | 'clientCertificates' | 'otherCa' | 'otherName' | 'proxy';

/** What the servers saw so far. */
export function seen(context: Context): Promise<Record<ServerName, { sockets: number; requests: number }>> {
  return control(context, '/seen', {});
}

/** The status in the resource. */
export function stored(context: Context): Promise<Record<string, unknown>> {
  return control(context, '/status', {});
}

/** Asks servers.ts; `name` is the case's resource unless given. */
export async function control<Answer>(context: Context, path: string, body: object): Promise<Answer> {
  const response = await fetch(context.control + path, {
    method: 'POST',
    body: JSON.stringify({ name: context.name, ...body }),
  });
  const text = await response.text();
  assert(response.ok, `the control channel answered ${response.status}: ${text}`);
  return JSON.parse(text);
}

/** A kubeconfig for the main server, as JSON. */
export function kubeconfig(context: Context, user: object, cluster: object = {}): string {
  const trust = hasTls(context) ? { 'certificate-authority-data': btoa(context.ca) } : {};
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    clusters: [{ name: 'test', cluster: { server: context.servers.main, ...trust, ...cluster } }],
    users: [{ name: 'test', user }],
  });
}
