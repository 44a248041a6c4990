/** The reports that are measured: every backend with what a gateway really knows of it, about 250 bytes as JSON. */

const lastHealthCheck = '2026-01-02T03:04:05Z';

function backend(index: number, change: number) {
  return {
    name: `backend-${String(index).padStart(4, '0')}`,
    url: `https://backend-${index}.example.com/mcp`,
    status: 'ready',
    authType: 'token_exchange',
    authConfigRef: `auth-${index}`,
    lastHealthCheck,
    message: change === 0 ? 'Healthy' : `Healthy, seen ${change} times`,
    circuitBreakerState: 'closed' as const,
    mcpRevision: '2025-11-25',
  };
}

/**
 * A report of `count` backends. It is new every time, as it comes from a gateway, not one object again and again.
 *
 * @param change where it differs from the report before, one backend has another message
 */
export function report(count: number, change = 0) {
  const changing = Math.floor(count / 2);
  return {
    phase: 'Ready' as const,
    message: `${count} of ${count} backends are healthy`,
    backendCount: count,
    conditions: [
      { type: 'Ready', status: 'True' as const, reason: 'AllBackendsRoutable', message: 'All are routable' },
      { type: 'BackendsDiscovered', status: 'True' as const, reason: 'Discovered', message: '' },
    ],
    discoveredBackends: Array.from({ length: count }, (_, index) =>
      backend(index, index === changing ? change : 0),
    ),
  };
}

/** A few reports, each of which differs from the one before in one backend; made before anything is measured. */
export function reports(count: number): ReturnType<typeof report>[] {
  return [1, 2, 3, 4].map(change => report(count, change));
}
