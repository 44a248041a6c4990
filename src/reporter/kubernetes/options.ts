/** Options of the reporter to Kubernetes: documentation, defaults, checks. */

import { ConfigurationError } from '../../errors.ts';
import { type CanonicalStatus, canonicalStatus } from '../../status/canonical.ts';
import type { Owns } from '../../status/ownership.ts';
import { parseStatus } from '../../status/parse.ts';
import type { Status } from '../../status/types.ts';
import type { FetchLike } from '../../transport/from-fetch.ts';
import type { Credentials, Logger, Schedule, Transport } from '../../types.ts';
import { checkDuration } from '../duration.ts';
import type { ReporterMemory } from './known.ts';
import type { Strategy } from './strategy.ts';

/** How reports to Kubernetes are delivered. */
export interface DeliverySettings {
  /** How the status is written. Default `apply`, server-side apply. */
  readonly strategy?: Strategy;
  /** Name under which fields are owned, 1 to 128 printable characters. Default `vmcp-status-reporter`. */
  readonly fieldManager?: string;
  /** What may be changed and removed. Default: all that a report can say. */
  readonly owns?: Owns;
  /** Milliseconds for one attempt at one request. Default 10,000. */
  readonly timeout?: number;
  /** Milliseconds for a whole report, waiting and retries included. Default 30,000. */
  readonly totalTimeout?: number;
  /** Milliseconds after which unchanged health is written again with fresh times. Default 300,000. */
  readonly heartbeatInterval?: number;
  /**
   * What to leave behind on shutdown: `keep` (default), or a last status. It is written only if nobody has written the
   * object since this instance did, so that an old pod never overwrites its successor.
   */
  readonly onShutdown?: 'keep' | Status;
  /** Milliseconds for flushing on shutdown. Default 5,000. */
  readonly shutdownTimeout?: number;
  /** A `fetch` to send requests with, instead of the runtime's fastest client: for MSW, or a Workers binding. */
  readonly fetch?: FetchLike;
  /** A transport of your own, instead of both. It is not closed on shutdown. */
  readonly transport?: Transport;
  /** Most connections kept to one API server, shared in a process. Default 16. */
  readonly connections?: number;
  /**
   * Stands around every attempt at a request, to hold it back or to watch it. What waits there counts for `totalTimeout`,
   * not for `timeout`. Default: requests go at once.
   */
  readonly schedule?: Schedule;
  /** Console-like or pino-like. Default: silence. */
  readonly logger?: Logger;
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** For jitter, in [0, 1). Default `Math.random`. */
  readonly random?: () => number;
}

export interface K8sReporterOptions extends DeliverySettings {
  /** Of the `VirtualMCPServer`. */
  readonly namespace: string;
  /** Of the `VirtualMCPServer`. */
  readonly name: string;
  readonly credentials: Credentials;
  /** What is known of the object. Filled as it becomes known; keep it to start again from there. Default: nothing. */
  readonly memory?: ReporterMemory;
}

/** What the reporter works with. */
export interface ResolvedOptions {
  readonly namespace: string;
  readonly name: string;
  readonly strategy: Strategy;
  readonly fieldManager: string;
  readonly timeout: number;
  readonly totalTimeout: number;
  readonly heartbeatInterval: number;
  readonly shutdownTimeout: number;
  readonly onShutdown: 'keep' | CanonicalStatus;
  now(): number;
  random(): number;
}

/** @throws ConfigurationError, InvalidStatusError */
export function resolveOptions(options: K8sReporterOptions): ResolvedOptions {
  const {
    namespace,
    name,
    strategy = 'apply',
    fieldManager = 'vmcp-status-reporter',
    timeout = 10_000,
    totalTimeout = 30_000,
    heartbeatInterval = 300_000,
    shutdownTimeout = 5_000,
    onShutdown = 'keep',
    now = Date.now,
    random = Math.random,
  } = options;
  // https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
  checkName('namespace', namespace, /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 63);
  checkName('name', name, /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/, 253);
  checkName('fieldManager', fieldManager, /^\P{C}+$/u, 128 - '-ceded'.length);
  if (!['apply', 'patch', 'update'].includes(strategy)) {
    throw new ConfigurationError(
      `strategy: expected "apply", "patch" or "update", found ${JSON.stringify(strategy)}`,
    );
  }
  const durations = { timeout, totalTimeout, heartbeatInterval, shutdownTimeout };
  for (const [option, value] of Object.entries(durations)) checkDuration(option, value);
  return {
    namespace,
    name,
    strategy,
    fieldManager,
    ...durations,
    onShutdown: onShutdown === 'keep' ? onShutdown : canonicalStatus(parseStatus(onShutdown)),
    now,
    random,
  };
}

function checkName(option: string, value: unknown, pattern: RegExp, longest: number): void {
  if (typeof value === 'string' && value.length <= longest && pattern.test(value)) return;
  throw new ConfigurationError(
    `${option}: expected 1 to ${longest} characters that match ${pattern.source}, found ${JSON.stringify(value)}`,
  );
}
