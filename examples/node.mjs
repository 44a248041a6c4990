// A gateway on Node that reports the health of its backends for as long as it runs:
//
//   VMCP_NAME=demo VMCP_NAMESPACE=default KUBECONFIG=~/.kube/config node examples/node.mjs https://backend.example/mcp
//
// In a pod of the operator the variables are set, and the pod's service account takes the place of KUBECONFIG.
import { buildStatus, createReporter, startReporting } from 'vmcp-status-reporter';

const urls = process.argv.slice(2);

const reporter = createReporter({ onShutdown: { phase: 'Pending', message: 'The gateway was stopped' } });
const shutdown = await reporter.start(); // loads credentials: what is missing shows now
const series = startReporting(reporter, async () => buildStatus(await Promise.all(urls.map(check))), {
  onResult: ({ outcome }) => console.log(`status: ${outcome}`),
});

process.once('SIGTERM', async () => {
  await series.stop();
  await shutdown();
});

/** @param {string} url */
async function check(url) {
  const backend = { name: new URL(url).host, url, lastCheck: new Date() };
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    const health = status === 401 ? 'unauthenticated' : status < 500 ? 'healthy' : 'unhealthy';
    return { ...backend, health: /** @type {const} */ (health) };
  } catch (error) {
    return { ...backend, health: /** @type {const} */ ('unhealthy'), error: /** @type {Error} */ (error) };
  }
}
