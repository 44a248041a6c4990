// A gateway on Deno that reports the health of its backends for as long as it runs:
//
//   VMCP_NAME=demo VMCP_NAMESPACE=default KUBECONFIG=~/.kube/config \
//     deno run --allow-net --allow-read --allow-env --allow-sys examples/deno.ts https://backend.example/mcp
//
// In a pod of the operator the variables are set, and the pod's service account takes the place of KUBECONFIG. A
// kubeconfig with an exec plugin needs --allow-run, too.
import { type BackendHealth, buildStatus, createReporter, startReporting } from 'vmcp-status-reporter';

const reporter = createReporter({ onShutdown: { phase: 'Pending', message: 'The gateway was stopped' } });
const shutdown = await reporter.start(); // loads credentials: what is missing shows now
const series = startReporting(reporter, async () => buildStatus(await Promise.all(Deno.args.map(check))), {
  onResult: ({ outcome }) => console.log(`status: ${outcome}`),
});

Deno.addSignalListener('SIGTERM', async () => {
  await series.stop();
  await shutdown();
  Deno.exit();
});

async function check(url: string): Promise<BackendHealth> {
  const backend = { name: new URL(url).host, url, lastCheck: new Date() };
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    const { status } = response;
    return {
      ...backend,
      health: status === 401 ? 'unauthenticated' : status < 500 ? 'healthy' : 'unhealthy',
    };
  } catch (error) {
    return { ...backend, health: 'unhealthy', error: error as Error };
  }
}
