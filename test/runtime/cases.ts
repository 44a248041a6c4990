// The portable cases. They import the installed package and nothing of a runtime; where runtimes differ, a case says what
// each must do, so that none is skipped.
import { isConfigurationError, type Status, startReporting } from 'vmcp-status-reporter';
import { assert, type Case, equal } from './harness.ts';
import {
  applies,
  codeOf,
  control,
  failure,
  hasTls,
  kubeconfig,
  ready,
  seen,
  stored,
  whereSupported,
  withReporter,
} from './support.ts';

/** Tries again without a pause, so that the attempts run out and not the time. */
const impatient = { random: () => 0 };
/** Milliseconds beside which everything is quick, on a busy machine too. */
const ages = 120_000;

export const cases: Record<string, Case> = {
  'reports with a bearer token': context =>
    withReporter(context, {}, async reporter => {
      await applies(reporter);
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
    withReporter(context, { access: { token: 'a-wrong-and-secret-token' } }, async reporter => {
      const error = await failure(() => reporter.reportStatus(ready));
      equal(codeOf(error), 'unauthorized', 'code');
      const told = `${(error as Error).stack} ${JSON.stringify(error)}`;
      assert(!told.includes('a-wrong-and-secret-token'), 'the error tells the token');
    }),

  'trusts a private CA given in code': context =>
    whereSupported(context, { access: { tls: { ca: context.ca } } }, /private CA/, applies),

  'refuses a server of another CA': context =>
    withReporter(context, { access: { server: context.servers.otherCa }, ...impatient }, async reporter => {
      const before = await seen(context);
      const error = await failure(() => reporter.reportStatus(ready));
      equal(codeOf(error), hasTls(context) ? 'tls' : 'unavailable', 'code');
      equal((await seen(context)).otherCa.requests, before.otherCa.requests, 'requests');
    }),

  'refuses a server whose certificate is for another name': context =>
    withReporter(context, { access: { server: context.servers.otherName }, ...impatient }, async reporter => {
      const before = await seen(context);
      const error = await failure(() => reporter.reportStatus(ready));
      equal(codeOf(error), hasTls(context) ? 'tls' : 'unavailable', 'code');
      equal((await seen(context)).otherName.requests, before.otherName.requests, 'requests');
    }),

  'asks for and accepts the name given as tls-server-name': context =>
    whereSupported(
      context,
      { access: { server: context.servers.otherName, tls: { ca: context.ca, serverName: 'api.internal' } } },
      /private CA|another name/,
      applies,
    ),

  'skips the check of the certificate when told to': context =>
    whereSupported(
      context,
      { access: { server: context.servers.otherCa, tls: { insecureSkipVerify: true } } },
      /skip the check of a certificate/,
      applies,
    ),

  'presents a client certificate': context =>
    whereSupported(
      context,
      {
        access: {
          server: context.servers.clientCertificates,
          token: undefined,
          tls: { ...(hasTls(context) && { ca: context.ca }), ...context.client },
        },
      },
      /client certificate/,
      applies,
    ),

  'is refused where a client certificate is missing': context =>
    withReporter(
      context,
      { access: { server: context.servers.clientCertificates }, ...impatient },
      async reporter => {
        const before = await seen(context);
        const error = await failure(() => reporter.reportStatus(ready));
        // In TLS 1.3 a client is done with the handshake before it is refused, and may just find the connection closed.
        assert(
          ['tls', 'unavailable'].includes(codeOf(error)),
          `code: expected tls or unavailable, got ${codeOf(error)}`,
        );
        equal(
          (await seen(context)).clientCertificates.requests,
          before.clientCertificates.requests,
          'requests',
        );
      },
    ),

  'goes through a forward proxy': context =>
    whereSupported(context, { access: { proxyUrl: context.proxy } }, /proxy/, async reporter => {
      const before = await seen(context);
      await applies(reporter);
      equal((await seen(context)).proxy.requests, before.proxy.requests + 1, 'tunnels through the proxy');
    }),

  'keeps one connection for twenty reports': context =>
    withReporter(context, {}, async reporter => {
      await applies(reporter);
      const before = await seen(context);
      for (let backendCount = 2; backendCount < 22; backendCount++)
        await applies(reporter, { ...ready, backendCount });
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
    withReporter(context, { timeout: ages, totalTimeout: ages }, async reporter => {
      await control(context, '/delay', { milliseconds: ages });
      const abort = new AbortController();
      const started = Date.now();
      setTimeout(() => abort.abort(), 50);
      const error = await failure(() => reporter.reportStatus(ready, { signal: abort.signal }));
      await control(context, '/delay', { milliseconds: 0 });
      equal(codeOf(error), 'aborted', 'code');
      assert(Date.now() - started < ages / 2, `it took ${Date.now() - started} ms`);
    }),

  'gives up when totalTimeout has passed': context =>
    withReporter(context, { timeout: ages, totalTimeout: 200 }, async reporter => {
      await control(context, '/delay', { milliseconds: ages });
      const started = Date.now();
      const error = await failure(() => reporter.reportStatus(ready));
      await control(context, '/delay', { milliseconds: 0 });
      equal(codeOf(error), 'timeout', 'code');
      assert(Date.now() - started < ages / 2, `it took ${Date.now() - started} ms`);
    }),

  'asks for a new token when the old one is refused': async context => {
    let { token } = await control<{ token: string }>(context, '/rotate', {});
    let refreshes = 0;
    const tls = hasTls(context) ? { tls: { ca: context.ca } } : {};
    const credentials = {
      source: 'a provider of tokens',
      async access({ refresh = false } = {}) {
        if (refresh) refreshes += 1;
        return { server: context.servers.main, token, ...tls };
      },
    };
    await withReporter(context, { credentials }, async reporter => {
      await applies(reporter);
      const old = token;
      credentials.access = async ({ refresh = false } = {}) => {
        if (refresh) refreshes += 1;
        return { server: context.servers.main, token: refresh ? token : old, ...tls };
      };
      ({ token } = await control<{ token: string }>(context, '/rotate', {}));
      await applies(reporter, { ...ready, phase: 'Degraded' });
      equal(refreshes, 1, 'refreshes');
    });
  },

  'reads a token file again when the token is refused': async context => {
    const { path: tokenFile } = await control<{ path: string }>(context, '/rotate', {});
    const text = kubeconfig(context, { tokenFile });
    const { path } = await control<{ path: string }>(context, '/file', { text });
    await whereSupported(context, { env: { KUBECONFIG: path } }, /has no files/, async reporter => {
      await applies(reporter);
      await control(context, '/rotate', {});
      await applies(reporter, { ...ready, phase: 'Degraded' });
    });
  },

  'takes a whole kubeconfig from a variable': async context => {
    const env = { VMCP_KUBECONFIG: kubeconfig(context, { token: context.token }) };
    await withReporter(context, { env }, applies);
  },

  'refuses or trusts the CA of a kubeconfig': context => {
    const trust = { 'certificate-authority-data': btoa(context.ca) };
    const env = { VMCP_KUBECONFIG: kubeconfig(context, { token: context.token }, trust) };
    return whereSupported(context, { env }, /private CA/, applies);
  },

  'runs an exec plugin of a kubeconfig': context => {
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never', ...context.exec };
    const env = { VMCP_KUBECONFIG: kubeconfig(context, { exec }) };
    return whereSupported(context, { env }, /cannot run the program/, applies);
  },

  'reports periodically where timers outlive a request': context =>
    withReporter(context, {}, async reporter => {
      const errors: unknown[] = [];
      const logger = { ...console, error: (...entry: unknown[]) => errors.push(...entry) };
      const start = () => startReporting(reporter, () => ready, { interval: 60_000, logger });
      if (context.runtime === 'workerd') {
        const error = await failure(async () => start());
        assert(
          isConfigurationError(error) && /alarm/.test(error.message),
          `expected a word of alarms, got ${error}`,
        );
        return;
      }
      const reporting = start();
      reporting.trigger();
      await reporting.stop();
      equal(errors, [], 'what was logged');
      equal((await stored(context))['phase'], 'Ready', 'phase in the resource');
    }),

  'flushes nothing and closes when it is shut down': context =>
    withReporter(context, {}, async reporter => {
      const shutdown = await reporter.start();
      await applies(reporter);
      await Promise.all([shutdown(), shutdown()]);
      equal(codeOf(await failure(() => reporter.reportStatus(ready))), 'closed', 'code');
    }),
};
