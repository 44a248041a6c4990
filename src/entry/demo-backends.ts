import type { BackendHealth, Health } from '../status/backend-health.ts';
import type { CircuitBreakerState } from '../status/types.ts';

/** Backends of a gateway that does not exist; each looks after one thing. */
const names = ['weather', 'tickets', 'search', 'calendar'] as const;

/** How many there are. */
export const demoBackendCount = names.length;

/** Failed checks after which the circuit breaker opens, and how many of them pass before it tries again. */
const breaker = { threshold: 3, wait: 3 };

interface Backend {
  readonly name: string;
  health: Health;
  failures: number;
  circuit: CircuitBreakerState;
  circuitChangedAt: Date | undefined;
}

/**
 * Backends whose health wanders: mostly well, now and then slow or down, and back through a half-open circuit breaker.
 * The same numbers give the same story.
 *
 * @param random in [0, 1); asked twice for each backend and check
 * @returns what the next round of health checks finds at that moment
 */
export function createDemoBackends(random: () => number): (now: Date) => BackendHealth[] {
  const backends = names.map(
    (name): Backend => ({
      name,
      health: 'unknown',
      failures: 0,
      circuit: 'closed',
      circuitChangedAt: undefined,
    }),
  );
  return now =>
    backends.map(backend => {
      const [luck, kind] = [random(), random()];
      check(backend, luck, kind, now);
      return describe(backend, now);
    });
}

function check(backend: Backend, luck: number, kind: number, now: Date): void {
  const turn = (circuit: CircuitBreakerState) => {
    if (backend.circuit !== circuit) backend.circuitChangedAt = now;
    backend.circuit = circuit;
  };
  if (backend.health === 'unhealthy') {
    // What is down stays down for a while; the first answer does not count for much.
    if (luck < 0.35) {
      backend.health = 'degraded';
      turn(backend.circuit === 'closed' ? 'closed' : 'half-open');
      return;
    }
    backend.failures++;
    if (backend.failures >= breaker.threshold)
      turn((backend.failures - breaker.threshold) % (breaker.wait + 1) < breaker.wait ? 'open' : 'half-open');
    return;
  }
  const fails = backend.health === 'degraded' ? 0.12 : 0.03;
  if (backend.health !== 'unknown' && luck < fails) {
    backend.health = kind < 0.5 ? 'unhealthy' : 'degraded';
    backend.failures++;
    return;
  }
  // Slowness ends by itself.
  if (backend.health === 'degraded' && luck < 0.45) return;
  backend.health = 'healthy';
  backend.failures = 0;
  turn('closed');
}

function describe(backend: Backend, now: Date): BackendHealth {
  const { name, health, failures, circuit, circuitChangedAt } = backend;
  return {
    name,
    url: `http://${name}.tools.example:8080/mcp`,
    health,
    lastCheck: now,
    consecutiveFailures: failures,
    ...(circuitChangedAt && { circuitBreakerState: circuit, circuitLastChanged: circuitChangedAt }),
    ...(health === 'unhealthy' && { error: 'connect ECONNREFUSED' }),
    ...(health === 'healthy' && { mcpRevision: '2025-11-25' }),
  };
}

/** Numbers in [0, 1) that look random and are the same for the same seed: mulberry32, public domain. */
export function pseudoRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
