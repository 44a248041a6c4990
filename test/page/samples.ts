// Gateways as a day brings them: what the page's tests look at, and the pictures in the README show.
import type { ResourceRecord } from '../../src/http/model.ts';
import type { DiscoveredBackend, Phase } from '../../src/status/types.ts';

type Health = [name: string, status: string, more?: Partial<DiscoveredBackend>];

/** Three resources as of `now`, in milliseconds since the epoch: one well, one in trouble, one of whom nothing is heard. */
export function samples(now: number): ResourceRecord[] {
  const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();
  const backend = ([name, status, more]: Health): DiscoveredBackend => ({
    name,
    url: `http://${name}.mcp.svc.cluster.local:8080/mcp`,
    status,
    lastHealthCheck: ago(9),
    mcpRevision: '2025-11-25',
    ...more,
  });
  const condition = (
    type: string,
    status: 'True' | 'False',
    reason: string,
    message: string,
    seconds: number,
  ) => ({
    type,
    status,
    reason,
    message,
    lastTransitionTime: ago(seconds),
  });
  const timeline = (...changes: [Phase, number][]) =>
    changes.map(([phase, seconds]) => ({ phase, at: ago(seconds) }));
  const delivered = (
    seconds: number,
    duration: number,
    outcome: 'applied' | 'unchanged',
    version: string,
  ) => ({
    delivery: {
      id: version,
      state: 'delivered' as const,
      acceptedAt: ago(seconds),
      endedAt: ago(seconds - duration / 1000),
      duration,
      outcome,
      result: { outcome, requests: 1, attempts: 1, resourceVersion: version },
      attempts: 1,
    },
    observedAt: ago(seconds),
    deliveredAt: ago(seconds - duration / 1000),
  });

  return [
    {
      namespace: 'payments',
      name: 'checkout-tools',
      status: {
        phase: 'Degraded',
        message: '3 of 4 backends can take requests (1 unhealthy)',
        backendCount: 3,
        conditions: [
          condition(
            'Ready',
            'False',
            'SomeBackendsUnhealthy',
            '3 of 4 backends can take requests (1 unhealthy)',
            252,
          ),
          condition('BackendsDiscovered', 'True', 'BackendsDiscovered', '4 backends found', 19_300),
        ],
        discoveredBackends: [
          backend(['ledger', 'ready', { message: 'Answers its health checks' }]),
          backend([
            'fraud-check',
            'unavailable',
            {
              message: 'Health check: timed out (6 in a row)',
              circuitBreakerState: 'open',
              consecutiveFailures: 6,
            },
          ]),
          backend(['invoices', 'ready', { message: 'Answers its health checks' }]),
          backend(['tax-rates', 'ready', { message: 'Answers its health checks' }]),
        ],
      },
      instance: 'gateway-7d9f-x2lq',
      ...delivered(12, 42, 'applied', '48211'),
      contested: ['backendCount'],
      timeline: timeline(
        ['Pending', 3_100],
        ['Ready', 3_080],
        ['Failed', 1_400],
        ['Degraded', 1_290],
        ['Ready', 1_020],
        ['Degraded', 252],
      ),
    },
    {
      namespace: 'platform',
      name: 'search',
      status: {
        phase: 'Ready',
        message: '2 of 2 backends can take requests',
        backendCount: 2,
        conditions: [
          condition('Ready', 'True', 'AllBackendsRoutable', '2 of 2 backends can take requests', 2_950),
          condition('BackendsDiscovered', 'True', 'BackendsDiscovered', '2 backends found', 2_990),
        ],
        discoveredBackends: [
          backend(['web-search', 'ready', { message: 'Answers its health checks' }]),
          backend([
            'vault',
            'unauthenticated',
            {
              message: 'Asks for credentials, and none are configured for it',
              authType: 'oauth',
            },
          ]),
        ],
      },
      ...delivered(4, 3, 'unchanged', '47903'),
      timeline: timeline(['Pending', 2_990], ['Ready', 2_950]),
    },
    {
      namespace: 'platform',
      name: 'wiki',
      status: {
        phase: 'Ready',
        message: '1 of 1 backends can take requests',
        backendCount: 1,
        conditions: [
          condition('Ready', 'True', 'AllBackendsRoutable', '1 of 1 backends can take requests', 86_000),
        ],
        discoveredBackends: [backend(['pages', 'ready', { message: 'Answers its health checks' }])],
      },
      ...delivered(8, 18, 'applied', '48190'),
      timeline: timeline(['Ready', 86_000]),
    },
  ];
}
