import { InvalidStatusError } from '../errors.ts';
import type { BackendHealth, Health } from './backend-health.ts';
import { categorise } from './error-category.ts';
import { parseBackends } from './parse.ts';
import type { CircuitBreakerState, Condition, DiscoveredBackend, Phase, Status, Time } from './types.ts';

/** Options of {@link buildStatus}. */
export interface BuildStatusOptions {
  /**
   * How many backends the gateway is configured with, checked or not; an int32, not negative. Default: as many as are
   * given. With some configured and none given, the phase is `Pending`.
   */
  readonly configuredCount?: number;
  /** When the backends were observed. Default: now. */
  readonly now?: Time;
}

const reported: Readonly<Record<Health, string>> = {
  healthy: 'ready',
  degraded: 'degraded',
  unhealthy: 'unavailable',
  unauthenticated: 'unauthenticated',
  unknown: 'unknown',
};

const observation: Readonly<Record<Health, string>> = {
  healthy: 'Answers its health checks',
  degraded: 'Answers, but not as well as it should',
  unhealthy: 'Does not answer its health checks',
  unauthenticated: 'Asks for credentials, and none are configured for it',
  unknown: 'Could not be checked',
};

/**
 * The report that follows from the health of the backends, by the rules of the Go reference. Routable are the healthy
 * and the unauthenticated ones.
 *
 * - `Ready`: all are routable, or none is configured
 * - `Degraded`: some are routable
 * - `Failed`: none is routable
 * - `Pending`: some are configured, none was checked
 *
 * Conditions: `Ready`, `BackendsDiscovered`, and `Degraded` while a backend is degraded.
 *
 * @throws InvalidStatusError listing every fault
 */
export function buildStatus(backends: readonly BackendHealth[], options: BuildStatusOptions = {}): Status {
  const checked = parseBackends(backends);
  const { configuredCount = checked.length, now = new Date() } = options;
  if (!Number.isInteger(configuredCount) || configuredCount < 0 || configuredCount > 2_147_483_647) {
    const message = `expected a whole number from 0 to 2147483647, found ${configuredCount}`;
    throw new InvalidStatusError([{ path: ['configuredCount'], message }]);
  }
  const tally = count(checked);
  const phase = phaseOf(tally, configuredCount);
  const message = describe(tally, phase, configuredCount);
  return {
    phase,
    message,
    conditions: conditionsOf(tally, phase, message, configuredCount, now),
    discoveredBackends: checked.map(toDiscoveredBackend),
    backendCount: tally.routable,
    timestamp: now,
  };
}

interface Tally extends Readonly<Record<Health, number>> {
  readonly total: number;
  readonly routable: number;
}

function count(backends: readonly BackendHealth[]): Tally {
  const tally = { healthy: 0, degraded: 0, unhealthy: 0, unauthenticated: 0, unknown: 0 };
  for (const { health } of backends) tally[health]++;
  return { ...tally, total: backends.length, routable: tally.healthy + tally.unauthenticated };
}

function phaseOf({ total, routable }: Tally, configured: number): Phase {
  if (total === 0) return configured === 0 ? 'Ready' : 'Pending';
  if (routable === total) return 'Ready';
  return routable === 0 ? 'Failed' : 'Degraded';
}

function describe(tally: Tally, phase: Phase, configured: number): string {
  if (phase === 'Pending') return `${backendCount(configured)} configured, none checked yet`;
  if (tally.total === 0) return 'Ready; no backend is configured';
  const routable = `${tally.routable || 'None'} of ${backendCount(tally.total)} can take requests`;
  const rest = (['degraded', 'unhealthy', 'unknown', 'unauthenticated'] as const)
    .filter(health => tally[health] > 0)
    .map(health => `${tally[health]} ${health}`);
  return rest.length === 0 ? routable : `${routable} (${rest.join(', ')})`;
}

const readyReason: Readonly<Record<Phase, string>> = {
  Ready: 'AllBackendsRoutable',
  Degraded: 'SomeBackendsUnhealthy',
  Failed: 'NoRoutableBackends',
  Pending: 'BackendsPending',
};

function conditionsOf(
  tally: Tally,
  phase: Phase,
  message: string,
  configured: number,
  now: Time,
): Condition[] {
  const ready = phase === 'Ready' ? 'True' : 'False';
  const discovered = configured === 0 ? 'No backend is configured' : `${backendCount(configured)} found`;
  const conditions: Condition[] = [
    { type: 'Ready', status: ready, reason: readyReason[phase], message, lastTransitionTime: now },
    {
      type: 'BackendsDiscovered',
      status: 'True',
      reason: 'BackendsDiscovered',
      message: discovered,
      lastTransitionTime: now,
    },
  ];
  if (tally.degraded > 0) {
    const degraded = `${backendCount(tally.degraded)} degraded`;
    conditions.push({
      type: 'Degraded',
      status: 'True',
      reason: 'BackendsDegraded',
      message: degraded,
      lastTransitionTime: now,
    });
  }
  return conditions;
}

function toDiscoveredBackend({ health, lastCheck, error, ...backend }: BackendHealth): DiscoveredBackend {
  return {
    ...backend,
    status: reported[health],
    message: describeBackend(health, error, backend),
    ...(lastCheck !== undefined && { lastHealthCheck: lastCheck }),
  };
}

const circuit: Readonly<Record<CircuitBreakerState, string>> = {
  closed: '',
  open: 'Circuit breaker open: ',
  'half-open': 'Circuit breaker trying again: ',
};

function describeBackend(
  health: Health,
  error: Error | string | undefined,
  { circuitBreakerState = 'closed', consecutiveFailures = 0 }: Partial<BackendHealth>,
): string {
  const prefix = circuit[circuitBreakerState];
  if (error === undefined) {
    const recovering = health === 'degraded' && consecutiveFailures > 0;
    return prefix + (recovering ? `Coming back after ${times(consecutiveFailures)}` : observation[health]);
  }
  const repeated = consecutiveFailures > 1 ? ` (${times(consecutiveFailures)} in a row)` : '';
  return `${prefix}Health check: ${categorise(error)}${repeated}`;
}

function times(failures: number): string {
  return failures === 1 ? '1 failure' : `${failures} failures`;
}

function backendCount(count: number): string {
  return count === 1 ? '1 backend' : `${count} backends`;
}
