import { defined } from '../defined.ts';
import { InvalidStatusError } from '../errors.ts';
import type { BackendHealth, Health } from './backend-health.ts';
import { categorise } from './error-category.ts';
import { countFault, int32 } from './leaf.ts';
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

/** What a backend's health is in the CRD's words, and in words for people. */
const reported: Readonly<Record<Health, readonly [status: string, observation: string]>> = {
  healthy: ['ready', 'Answers its health checks'],
  degraded: ['degraded', 'Answers, but not as well as it should'],
  unhealthy: ['unavailable', 'Does not answer its health checks'],
  unauthenticated: ['unauthenticated', 'Asks for credentials, and none are configured for it'],
  unknown: ['unknown', 'Could not be checked'],
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
  const fault = countFault(configuredCount, int32);
  if (fault !== undefined) throw new InvalidStatusError([{ path: ['configuredCount'], message: fault }]);
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
  if (phase === 'Pending') return `${plural(configured, 'backend')} configured, none checked yet`;
  if (tally.total === 0) return 'Ready; no backend is configured';
  const routable = `${tally.routable || 'None'} of ${plural(tally.total, 'backend')} can take requests`;
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
  const condition = (type: string, isTrue: boolean, reason: string, message: string): Condition => ({
    type,
    status: isTrue ? 'True' : 'False',
    reason,
    message,
    lastTransitionTime: now,
  });
  const discovered = configured === 0 ? 'No backend is configured' : `${plural(configured, 'backend')} found`;
  const conditions = [
    condition('Ready', phase === 'Ready', readyReason[phase], message),
    condition('BackendsDiscovered', true, 'BackendsDiscovered', discovered),
  ];
  if (tally.degraded > 0) {
    const degraded = `${plural(tally.degraded, 'backend')} degraded`;
    conditions.push(condition('Degraded', true, 'BackendsDegraded', degraded));
  }
  return conditions;
}

function toDiscoveredBackend({ health, lastCheck, error, ...backend }: BackendHealth): DiscoveredBackend {
  return {
    ...backend,
    status: reported[health][0],
    message: describeBackend(health, error, backend),
    ...defined({ lastHealthCheck: lastCheck }),
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
    return (
      prefix +
      (recovering ? `Coming back after ${plural(consecutiveFailures, 'failure')}` : reported[health][1])
    );
  }
  const repeated = consecutiveFailures > 1 ? ` (${plural(consecutiveFailures, 'failure')} in a row)` : '';
  return `${prefix}Health check: ${categorise(error)}${repeated}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
