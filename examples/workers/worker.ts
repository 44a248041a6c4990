// A Worker that checks backends and reports their health: every minute, and at once on a POST. Its configuration, and what
// it must be told, is in wrangler.jsonc.
import { type BackendHealth, buildStatus, createReporter, type ReportResult } from 'vmcp-status-reporter';

interface Env extends Readonly<Record<string, unknown>> {
  /** URLs with blanks between them. */
  readonly BACKENDS: string;
  /** Binding that reaches an API server with a private CA: a Worker cannot be told to trust one. */
  readonly API_SERVER?: { readonly fetch: typeof fetch };
}

export default {
  async scheduled(_: unknown, env: Env): Promise<void> {
    await report(env);
  },
  async fetch(request: Request, env: Env): Promise<Response> {
    if (request.method !== 'POST') return new Response('POST reports now\n', { status: 405 });
    return Response.json(await report(env));
  },
};

async function report(env: Env): Promise<ReportResult> {
  const { API_SERVER: server } = env;
  await using reporter = createReporter({
    env,
    ...(server && { fetch: (url, init) => server.fetch(url, init) }),
  });
  const backends = await Promise.all(env.BACKENDS.split(' ').map(check));
  return await reporter.reportStatus(buildStatus(backends));
}

async function check(url: string): Promise<BackendHealth> {
  const backend = { name: new URL(url).host, url, lastCheck: new Date() };
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    return {
      ...backend,
      health: status === 401 ? 'unauthenticated' : status < 500 ? 'healthy' : 'unhealthy',
    };
  } catch (error) {
    return { ...backend, health: 'unhealthy', error: error as Error };
  }
}
