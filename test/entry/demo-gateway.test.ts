import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDemoBackends, demoBackendCount, pseudoRandom } from '../../src/entry/demo-backends.ts';
import { startDemoGateway } from '../../src/entry/demo-gateway.ts';
import type { Dispatcher, Submission } from '../../src/http/model.ts';
import type { ReportResult } from '../../src/reporter/reporter.ts';

const target = { namespace: 'default', name: 'demo' };
const start = Date.parse('2026-11-22T12:00:00Z');

beforeEach(() => {
  vi.useFakeTimers({ now: start });
});

afterEach(() => {
  vi.useRealTimers();
});

function listener(
  result: () => Promise<ReportResult> = async () => ({ outcome: 'applied', requests: 1, attempts: 1 }),
) {
  const submissions: Submission[] = [];
  const dispatcher: Pick<Dispatcher, 'submit'> = {
    submit(submission) {
      submissions.push(submission);
      return { record: {} as never, result: result() };
    },
  };
  return { submissions, dispatcher };
}

async function play(rounds: number): Promise<Submission[]> {
  const { submissions, dispatcher } = listener();
  const gateway = startDemoGateway({ target, dispatcher, interval: 3000 });
  await vi.advanceTimersByTimeAsync(rounds * 3000);
  await gateway.stop();
  return submissions;
}

describe('the demo gateway', () => {
  it('begins as a gateway does: configured, nothing checked', async () => {
    const [first] = await play(0);
    expect(first).toMatchObject({ target, observedAt: start, instance: 'demo-gateway' });
    expect(first?.status).toMatchObject({ phase: 'Pending', discoveredBackends: [] });
  });

  it('reports every round of checks, dated by its clock', async () => {
    const submissions = await play(4);
    expect(submissions.map(({ observedAt }) => observedAt - start)).toEqual([0, 3000, 6000, 9000, 12_000]);
    expect(submissions[1]?.status.discoveredBackends).toHaveLength(demoBackendCount);
    expect(submissions[1]?.status.discoveredBackends?.[0]?.lastHealthCheck).toBe('2026-11-22T12:00:03.000Z');
  });

  it('tells the same story every time: trouble within half a minute, recovery, and the worst within two', async () => {
    const phases = (await play(40)).map(({ status }) => status.phase);
    expect(phases).toEqual((await play(40)).map(({ status }) => status.phase));
    expect(phases.slice(0, 10)).toContain('Degraded');
    expect(phases.slice(phases.indexOf('Degraded'))).toContain('Ready');
    expect(phases).toContain('Failed');
  });

  it('goes on after a report that failed, and says so', async () => {
    const { submissions, dispatcher } = listener(() => Promise.reject(new Error('no API server')));
    const warn = vi.fn();
    const logger = { debug() {}, info() {}, warn, error() {} };
    const gateway = startDemoGateway({ target, dispatcher, interval: 3000, logger });
    await vi.advanceTimersByTimeAsync(3000);
    await gateway.stop();
    expect(submissions).toHaveLength(2);
    expect(warn).toHaveBeenCalledTimes(2);
  });

  it('ends when it is told to', async () => {
    const { submissions, dispatcher } = listener();
    const gateway = startDemoGateway({ target, dispatcher, interval: 3000 });
    await gateway.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(submissions).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('its backends', () => {
  const check = createDemoBackends(pseudoRandom(7));
  const history = Array.from({ length: 2000 }, (_, round) => check(new Date(start + round * 3000)));

  it('are mostly well, and now and then everything else', () => {
    const seen = history.flat().map(({ health }) => health);
    expect(new Set(seen)).toEqual(new Set(['healthy', 'degraded', 'unhealthy']));
    expect(seen.filter(health => health === 'healthy').length / seen.length).toBeGreaterThan(0.6);
  });

  it('have circuit breakers that open after three failures, and close with health', () => {
    for (const { health, circuitBreakerState = 'closed', consecutiveFailures } of history.flat()) {
      if (circuitBreakerState === 'open') expect(consecutiveFailures).toBeGreaterThanOrEqual(3);
      if (health === 'healthy') expect([circuitBreakerState, consecutiveFailures]).toEqual(['closed', 0]);
    }
    const states = history.flat().map(({ circuitBreakerState }) => circuitBreakerState);
    expect(states).toContain('open');
    expect(states).toContain('half-open');
  });

  it('do not fall and rise together', () => {
    const mixed = history.filter(round => new Set(round.map(({ health }) => health)).size > 1);
    expect(mixed.length).toBeGreaterThan(100);
  });
});
