import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BackendHealth, Health } from '../../src/status/backend-health.ts';
import { buildStatus } from '../../src/status/build.ts';
import { parseStatus } from '../../src/status/parse.ts';
import { backendHealths, healths } from './samples.ts';

const now = '2026-01-02T03:04:05Z';

/** One backend per word: `'healthy healthy unknown'`. */
function backends(words: string): BackendHealth[] {
  return words
    .split(' ')
    .filter(Boolean)
    .map((health, index) => ({ name: `b${index}`, health: health as Health }));
}

function build(words: string, configuredCount?: number) {
  return buildStatus(backends(words), { now, ...(configuredCount !== undefined && { configuredCount }) });
}

/** `type=status/reason` of every condition. */
const conditions = (words: string, configuredCount?: number) =>
  build(words, configuredCount).conditions?.map(({ type, status, reason }) => `${type}=${status}/${reason}`);

describe('the phase', () => {
  it.each([
    ['', 0, 'Ready', 0],
    ['', 3, 'Pending', 0],
    ['healthy healthy', 2, 'Ready', 2],
    ['healthy unauthenticated', 2, 'Ready', 2],
    ['unauthenticated', 1, 'Ready', 1],
    ['healthy degraded', 2, 'Degraded', 1],
    ['healthy unhealthy unknown', 3, 'Degraded', 1],
    ['unauthenticated unhealthy', 2, 'Degraded', 1],
    ['degraded', 1, 'Failed', 0],
    ['unhealthy unknown', 2, 'Failed', 0],
    ['healthy', 5, 'Ready', 1],
  ])('of "%s" with %d configured is %s, %d routable', (words, configured, phase, routable) => {
    expect(build(words, configured)).toMatchObject({ phase, backendCount: routable });
  });

  it('takes as many as configured as are given', () => {
    expect(build('').phase).toBe('Ready');
  });

  it('follows from the counts alone, whatever the order', () => {
    const tally = fc.record(
      Object.fromEntries(healths.map(health => [health, fc.nat(3)])) as Record<Health, fc.Arbitrary<number>>,
    );
    fc.assert(
      fc.property(tally, fc.nat(3), (counts, configuredCount) => {
        const list = healths.flatMap(health =>
          Array.from({ length: counts[health] }, (_, i) => ({ name: health + i, health })),
        );
        const routable = list.filter(
          ({ health }) => health === 'healthy' || health === 'unauthenticated',
        ).length;
        const oracle =
          list.length === 0
            ? configuredCount
              ? 'Pending'
              : 'Ready'
            : routable === list.length
              ? 'Ready'
              : routable
                ? 'Degraded'
                : 'Failed';
        for (const order of [list, list.toReversed()]) {
          const status = buildStatus(order, { configuredCount });
          expect(status.phase).toBe(oracle);
          expect(status.backendCount).toBe(routable);
          expect(status.conditions?.find(({ type }) => type === 'Ready')?.status).toBe(
            oracle === 'Ready' ? 'True' : 'False',
          );
          expect(status.conditions?.some(({ type }) => type === 'Degraded')).toBe(counts.degraded > 0);
        }
      }),
    );
  });
});

describe('the conditions', () => {
  it('are Ready, BackendsDiscovered, and Degraded while a backend is', () => {
    expect(conditions('')).toStrictEqual([
      'Ready=True/AllBackendsRoutable',
      'BackendsDiscovered=True/BackendsDiscovered',
    ]);
    expect(conditions('', 2)).toStrictEqual([
      'Ready=False/BackendsPending',
      'BackendsDiscovered=True/BackendsDiscovered',
    ]);
    expect(conditions('healthy unhealthy')).toStrictEqual([
      'Ready=False/SomeBackendsUnhealthy',
      'BackendsDiscovered=True/BackendsDiscovered',
    ]);
    expect(conditions('degraded')).toStrictEqual([
      'Ready=False/NoRoutableBackends',
      'BackendsDiscovered=True/BackendsDiscovered',
      'Degraded=True/BackendsDegraded',
    ]);
  });

  it('carry the moment of observation, as the report does', () => {
    const status = build('degraded');
    expect(status.timestamp).toBe(now);
    expect(new Set(status.conditions?.map(({ lastTransitionTime }) => lastTransitionTime))).toStrictEqual(
      new Set([now]),
    );
  });
});

describe('the message', () => {
  it.each([
    ['', 0, 'Ready; no backend is configured'],
    ['', 2, '2 backends configured, none checked yet'],
    ['healthy', 1, '1 of 1 backend can take requests'],
    ['healthy unauthenticated', 2, '2 of 2 backends can take requests (1 unauthenticated)'],
    [
      'healthy degraded unhealthy unhealthy',
      4,
      '1 of 4 backends can take requests (1 degraded, 2 unhealthy)',
    ],
    ['unknown unknown', 2, 'None of 2 backends can take requests (2 unknown)'],
  ])('of "%s" with %d configured counts', (words, configured, message) => {
    expect(build(words, configured).message).toBe(message);
  });
});

describe('a backend', () => {
  const only = (backend: Partial<BackendHealth>) =>
    buildStatus([{ name: 'a', health: 'unhealthy', ...backend }], { now }).discoveredBackends?.[0];

  it('is spelled as the CRD spells it', () => {
    expect(healths.map(health => only({ health })?.status)).toStrictEqual([
      'ready',
      'degraded',
      'unavailable',
      'unauthenticated',
      'unknown',
    ]);
  });

  it('keeps what the gateway knows', () => {
    const known = {
      url: 'https://a.example.com',
      authType: 'header',
      authConfigRef: 'a-auth',
      circuitBreakerState: 'open',
      circuitLastChanged: now,
      consecutiveFailures: 4,
      mcpRevision: '2025-11-25',
    } as const;
    expect(only({ ...known, lastCheck: now, error: 'connection refused' })).toStrictEqual({
      name: 'a',
      ...known,
      status: 'unavailable',
      lastHealthCheck: now,
      message: 'Circuit breaker open: Health check: connection failed (4 failures in a row)',
    });
  });

  it('says how it is where there is no error', () => {
    expect(only({ health: 'healthy' })?.message).toBe('Answers its health checks');
    expect(only({ health: 'degraded', consecutiveFailures: 3 })?.message).toBe(
      'Coming back after 3 failures',
    );
    expect(
      only({ health: 'degraded', circuitBreakerState: 'half-open', consecutiveFailures: 1 })?.message,
    ).toBe('Circuit breaker trying again: Coming back after 1 failure');
  });

  it('counts failures from the second on', () => {
    expect(only({ error: 'x', consecutiveFailures: 1 })?.message).toBe('Health check: check failed');
    expect(only({ error: 'x', consecutiveFailures: 2 })?.message).toBe(
      'Health check: check failed (2 failures in a row)',
    );
  });
});

describe('any report', () => {
  it('is valid', () => {
    fc.assert(
      fc.property(backendHealths, fc.nat(9), (list, configuredCount) => {
        const status = buildStatus(list, { configuredCount });
        expect(() => parseStatus(status)).not.toThrow();
        expect(status.discoveredBackends).toHaveLength(list.length);
      }),
    );
  });

  it('has no part of the text of an error', () => {
    const word = fc.stringMatching(/^[0-9a-f]{12}$/);
    const phrase = fc.constantFrom(
      '',
      'authentication failed',
      'timeout',
      'connection refused',
      'operation cancelled',
      'EOF',
    );
    fc.assert(
      fc.property(word, phrase, fc.boolean(), (secret, what, wrapped) => {
        const text = `${what} https://user:${secret}@${secret}.example.com/?token=${secret}`;
        const error = wrapped ? new Error('fetch failed', { cause: new Error(text) }) : text;
        expect(
          JSON.stringify(buildStatus([{ name: 'a', health: 'unhealthy', error }], { now })),
        ).not.toContain(secret);
      }),
    );
  });
});

describe('input at fault', () => {
  it('is refused with its places', () => {
    expect(() => buildStatus([{ name: 'a', health: 'fine' as Health }])).toThrow(
      /\[0\]\.health: expected "healthy"/,
    );
    expect(() => buildStatus(backends('healthy'), { configuredCount: -1 })).toThrow(
      /configuredCount: expected a whole number/,
    );
  });
});
