import fc from 'fast-check';
import type { BackendHealth, Health } from '../../src/status/backend-health.ts';
import type { Status } from '../../src/status/types.ts';

/** A report with every field set. */
export function fullStatus(): Status {
  return {
    phase: 'Degraded',
    message: '1 of 2 backends can take requests',
    conditions: [
      {
        type: 'Ready',
        status: 'False',
        reason: 'SomeBackendsUnhealthy',
        message: '1 of 2',
        lastTransitionTime: '2026-01-02T03:04:05Z',
        observedGeneration: 3,
      },
      { type: 'example.com/Warm', status: 'Unknown', reason: 'Cold', message: '' },
    ],
    discoveredBackends: [
      {
        name: 'github',
        url: 'https://github.example.com/mcp',
        status: 'ready',
        authType: 'token_exchange',
        authConfigRef: 'github-auth',
        lastHealthCheck: '2026-01-02T03:04:05Z',
        message: 'Answers its health checks',
        circuitBreakerState: 'half-open',
        circuitLastChanged: '2026-01-02T04:04:05.25+01:00',
        consecutiveFailures: 2,
        mcpRevision: '2025-11-25',
      },
      { name: 'jira' },
    ],
    backendCount: 1,
    observedGeneration: 3,
    timestamp: '2026-01-02T03:04:06.789Z',
  };
}

export const healths: readonly Health[] = ['healthy', 'degraded', 'unhealthy', 'unauthenticated', 'unknown'];

const someText = fc.string({ unit: 'grapheme' }).filter(text => !text.includes('\0') && text.isWellFormed());
const someTime = fc.date({
  min: new Date('0001-01-02T00:00:00Z'),
  max: new Date('9999-12-30T00:00:00Z'),
  noInvalidDate: true,
});
const someCount = fc.nat(2_147_483_647);

/** Any valid list of backends, errors included. */
export const backendHealths: fc.Arbitrary<BackendHealth[]> = fc.uniqueArray(
  fc.record(
    {
      name: someText.filter(text => text !== ''),
      health: fc.constantFrom(...healths),
      url: someText,
      authType: someText,
      authConfigRef: someText,
      lastCheck: someTime,
      error: fc.oneof(
        someText,
        someText.map(text => new Error(text)),
        someText.map(text => new TypeError('fetch failed', { cause: new Error(text) })),
      ),
      circuitBreakerState: fc.constantFrom('closed' as const, 'open' as const, 'half-open' as const),
      circuitLastChanged: someTime,
      consecutiveFailures: someCount,
      mcpRevision: someText,
    },
    { requiredKeys: ['name', 'health'] },
  ),
  { selector: ({ name }) => name },
);
