// The portable cases. They import the installed package and nothing of a runtime; where runtimes differ, a case says what
// each must do, so that none is skipped.
import {
  type CreateReporterOptions,
  createReporter,
  isConfigurationError,
  isStatusReporterError,
  type Reporter,
  type ReportResult,
  type Status,
  startReporting,
} from 'vmcp-status-reporter';
import { kubeconfigCredentials } from 'vmcp-status-reporter/kubeconfig';
import { assert, type Case, type Context, equal } from './harness.ts';

/** What a Worker's platform configures and its code cannot. */
const hasTls = ({ runtime }: Context) => runtime !== 'workerd';

export const cases: Record<string, Case> = {
  'reports with a bearer token': context =>
    withReporter(context, {}, async reporter => {
      const result = await reporter.reportStatus(ready);
      equal(result.outcome, 'applied', 'outcome');
      const status = await stored(context);
      equal(status['phase'], 'Ready', 'phase in the resource');
      equal(status['backendCount'], 1, 'backendCount in the resource');
      equal(status['url'], 'http://gateway.example', "the operator's url");
    }),

  'says what happened: applied, unchanged, applied': context =>
    withReporter(context, {}, async reporter => {
      const outcomes: string[] = [];
      for (const phase of ['Ready', 'Ready', 'Degraded'] as const) {
        outcomes.push((await reporter.reportStatus({ ...ready, phase })).outcome);
      }
      equal(outcomes, ['applied', 'unchanged', 'applied'], 'outcomes');
    }),

  'refuses an invalid status before anything is sent': context =>
    withReporter(context, {}, async reporter => {
      const before = await seen(context);
      const error = await failure(() => reporter.reportStatus({ phase: 'Fine' } as unknown as Status));
      equal(codeOf(error), 'invalid_status', 'code');
      equal((await seen(context)).main.requests, before.main.requests, 'requests');
    }),

  'is refused with a wrong token, and does not tell it': context =>
    withReporter(context, { token: 'a-wrong-and-secret-token' }, async reporter => {
      const error = await failure(() => reporter.reportStatus(ready));
      equal(codeOf(error), 'unauthorized', 'code');
      assert(
        !`${(error as Error).stack}${JSON.stringify(error)}`.includes('a-wrong-and-secret-token'),
        'the error tells the token',
      );
    }),

  'trusts a private CA given in code': context =>
    onlyWithTls(context, { tls: { ca: context.ca } }, /private CA/, async reporter => {
      equal((await reporter.reportStatus(ready)).outcome, 'applied', 'outcome');
    }),

  'refuses a server of another CA': context =>
    withReporter(context, { server: context.servers.otherCa }, refusedHandshake(context, 'otherCa')),

  'refuses a server whose certificate is for another name': context =>
    withReporter(context, { server: context.servers.otherName }, refusedHandshake(context, 'otherName')),

  'asks for and accepts the name given as tls-server-name': context =>
    onlyWithTls(
      context,
      { server: context.servers.otherName, tls: { ca: context.ca, serverName: 'api.internal' } },
      /another name/,
      async reporter => {
        equal((await reporter.reportStatus(ready)).outcome, 'applied', 'outcome');
      },
    ),

  'skips the check of the certificate when told to': context =>
    onlyWithTls(
      context,
      { server: context.servers.otherCa, tls: { insecureSkipVerify: true } },
      /check of a certificate/,
      async reporter => {
        equal((await reporter.reportStatus(ready)).outcome, 'applied', 'outcome');
      },
    ),

  'presents a client certificate': context =>
    onlyWithTls(
      context,
      {
        server: context.servers.clientCertificates,
        token: undefined,
        tls: { ca: context.ca, ...context.client },
      },
      /client certificate/,
      async reporter => {
        equal((await reporter.reportStatus(ready)).outcome, 'applied', 'outcome');
      },
    ),

  'is refused where a client certificate is missing': context =>
    withReporter(context, { server: context.servers.clientCertificates }, async reporter => {
      const before = await seen(context);
      const error = await failure(() => reporter.reportStatus(ready));
      equal(codeOf(error), hasTls(context) ? 'tls' : 'unavailable', 'code');
      equal(
        (await seen(context)).clientCertificates.requests,
        before.clientCertificates.requests,
        'requests',
      );
    }),

  'goes through a forward proxy': context =>
    onlyWithTls(context, { proxyUrl: context.proxy }, /proxy/, async reporter => {
      const before = await seen(context);
      equal((await reporter.reportStatus(ready)).outcome, 'applied', 'outcome');
      equal((await seen(context)).proxy.requests, before.proxy.requests + 1, 'tunnels through the proxy');
    }),

  'keeps one connection for twenty reports': context =>
    withReporter(context, {}, async reporter => {
      await reporter.reportStatus(ready);
      const before = await seen(context);
      for (let backendCount = 2; backendCount < 22; backendCount++) {
        equal((await reporter.reportStatus({ ...ready, backendCount })).outcome, 'applied', 'outcome');
      }
      const after = await seen(context);
      assert(after.main.requests >= before.main.requests + 20, 'fewer requests than reports');
      equal(after.main.sockets, before.main.sockets, 'connections');
    }),

  'sends the latest of reports that come at once': context =>
    withReporter(context, {}, async reporter => {
      const counts = [1, 2, 3, 4, 5];
      const results = await Promise.all(
        counts.map(backendCount => reporter.reportStatus({ ...ready, backendCount })),
      );
      assert(
        results.some(({ outcome }) => outcome === 'superseded'),
        'no report was superseded',
      );
      equal(results.at(-1)?.outcome, 'applied', 'outcome of the last');
      equal((await stored(context))['backendCount'], 5, 'backendCount in the resource');
    }),

  'ends at once when the signal aborts': context =>
    withReporter(context, {}, async reporter => {
      await control(context, '/delay', { name: context.name, milliseconds: 5_000 });
      const abort = new AbortController();
      const started = Date.now();
      setTimeout(() => abort.abort(), 50);
      const error = await failure(() => reporter.reportStatus(ready, { signal: abort.signal }));
      await control(context, '/delay', { name: context.name, milliseconds: 0 });
      equal(codeOf(error), 'aborted', 'code');
      assert(Date.now() - started < 2_000, `it took ${Date.now() - started} ms`);
    }),

  'gives up when totalTimeout has passed': context =>
    withReporter(context, { totalTimeout: 200 }, async reporter => {
      await control(context, '/delay', { name: context.name, milliseconds: 5_000 });
      const started = Date.now();
      const error = await failure(() => reporter.reportStatus(ready));
      await control(context, '/delay', { name: context.name, milliseconds: 0 });
      equal(codeOf(error), 'timeout', 'code');
      assert(Date.now() - started < 2_000, `it took ${Date.now() - started} ms`);
    }),
};

// --- what the cases share

const ready: Status = {
  phase: 'Ready',
  message: 'all backends are routable',
  conditions: [{ type: 'Ready', status: 'True', reason: 'AllBackendsReady', message: '' }],
  discoveredBackends: [
    { name: 'github', url: 'https://github.example/mcp', status: 'ready', lastHealthCheck: new Date() },
  ],
  backendCount: 1,
};

interface Settings {
  server?: string;
  token?: string | undefined;
  tls?: TlsOptions;
  proxyUrl?: string;
  totalTimeout?: number;
}

/** A reporter on a resource of its own, trusting the CA the way its runtime can, and shut down afterwards. */
async function withReporter(
  context: Context,
  settings: Settings,
  work: (reporter: Reporter) => Promise<void>,
): Promise<void> {
  await control(context, '/resource', { name: context.name });
  const { server = context.servers.main, totalTimeout, proxyUrl } = settings;
  const token = 'token' in settings ? settings.token : context.token;
  const tls = settings.tls ?? (hasTls(context) ? { ca: context.ca } : undefined);
  await using reporter = createReporter({
    namespace: context.namespace,
    name: context.name,
    credentials: { server, ...(token && { token }), ...(tls && { tls }), ...(proxyUrl && { proxyUrl }) },
    ...(totalTimeout && { totalTimeout }),
  });
  await work(reporter);
}

/** As {@link withReporter}; where code cannot say how to talk TLS, `start` must say so instead. */
function onlyWithTls(
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

/** Nothing must reach the server, and the error must name the fault where the runtime tells it (workerd does not). */
function refusedHandshake(context: Context, server: keyof Seen): (reporter: Reporter) => Promise<void> {
  return async reporter => {
    const before = await seen(context);
    const error = await failure(() => reporter.reportStatus(ready));
    equal(codeOf(error), hasTls(context) ? 'tls' : 'unavailable', 'code');
    equal((await seen(context))[server].requests, before[server].requests, 'requests');
  };
}

async function failure<T>(work: () => Promise<T>): Promise<unknown> {
  try {
    const result = await work();
    throw new Error(`expected a failure, got ${JSON.stringify(result)}`);
  } catch (error) {
    return error;
  }
}

function codeOf(error: unknown): string {
  return isStatusReporterError(error) ? error.code : `no error of this package: ${error}`;
}

type Seen = Record<
  'main' | 'clientCertificates' | 'otherCa' | 'otherName' | 'proxy',
  { sockets: number; requests: number }
>;

/** What the servers saw so far. */
function seen(context: Context): Promise<Seen> {
  return control(context, '/seen', {}) as Promise<Seen>;
}

/** The status in the resource. */
async function stored(context: Context): Promise<Record<string, unknown>> {
  return (await control(context, '/status', { name: context.name })) as Record<string, unknown>;
}

async function control(context: Context, path: string, body: object): Promise<unknown> {
  const response = await fetch(context.control + path, { method: 'POST', body: JSON.stringify(body) });
  const text = await response.text();
  assert(response.ok, `the control channel answered ${response.status}: ${text}`);
  return JSON.parse(text);
}
