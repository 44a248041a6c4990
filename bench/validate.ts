/** What the validation of a report with 50 backends costs, all 11 fields set: `node --conditions=vmcp-status-reporter-source bench/validate.ts`. */
import { parseStatus } from '../src/status/parse.ts';

const discoveredBackends = Array.from({ length: 50 }, (_, index) => ({
  name: `backend-${index}`,
  url: `https://backend-${index}.example.com/mcp`,
  status: 'ready',
  authType: 'token_exchange',
  authConfigRef: `auth-${index}`,
  lastHealthCheck: '2026-01-02T03:04:05Z',
  message: 'Healthy',
  circuitBreakerState: 'closed',
  circuitLastChanged: '2026-01-01T00:00:00Z',
  consecutiveFailures: index,
  mcpRevision: '2025-11-25',
}));
const condition = {
  type: 'Ready',
  status: 'True',
  reason: 'AllBackendsRoutable',
  message: 'All are routable',
};
const report = {
  phase: 'Ready',
  message: 'fine',
  conditions: [condition],
  discoveredBackends,
  backendCount: 50,
};

const rounds = 5000;
const costs = new Float64Array(rounds);
for (let round = -rounds; round < rounds; round++) {
  const start = performance.now();
  parseStatus(report);
  if (round >= 0) costs[round] = (performance.now() - start) * 1000;
}
costs.sort();
const percentile = (share: number) => costs[Math.floor(rounds * share)]!.toFixed(1);
console.log(
  `parseStatus, 50 backends: median ${percentile(0.5)} µs, best ${percentile(0)} µs, p99 ${percentile(0.99)} µs`,
);
