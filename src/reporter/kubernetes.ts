/** Reports into the status of a `VirtualMCPServer`. */

import { createTransport } from '#transport';
import { Call } from '../api/call.ts';
import { createApiClient } from '../api/client.ts';
import { connectWith } from '../api/connection.ts';
import { createResource, type Resource, type ResourceObject } from '../api/resource.ts';
import { isTransient } from '../api/retry.ts';
import { isStatusReporterError, StatusReporterError } from '../errors.ts';
import type { CanonicalStatus } from '../status/canonical.ts';
import { ownership } from '../status/ownership.ts';
import type { Status } from '../status/types.ts';
import { givenTransport } from '../transport/given.ts';
import { overFetch } from '../transport/over-fetch.ts';
import { followAccess, type TransportFollower } from '../transport/pool.ts';
import type { Credentials } from '../types.ts';
import { createDelivery, type Delivery } from './kubernetes/delivery.ts';
import { type K8sReporterOptions, type ResolvedOptions, resolveOptions } from './kubernetes/options.ts';
import { createLatestQueue, type LatestQueue } from './kubernetes/queue.ts';
import { createReader } from './kubernetes/reader.ts';
import { type Log, toLog } from './logger.ts';
import { type Reporter, type ReportOptions, type ReportResult, type Shutdown, skipped } from './reporter.ts';

interface Turn {
  readonly report: CanonicalStatus;
  readonly call: Call;
}

/**
 * Writes reports into the `status` of one `VirtualMCPServer`, and only what it owns of it. A report that says nothing
 * new costs one small cached read; everything that another writer sets stays.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export class K8sReporter implements Reporter {
  readonly #options: ResolvedOptions;
  readonly #credentials: Credentials;
  readonly #connection: TransportFollower;
  readonly #log: Log;
  readonly #resource: Resource;
  readonly #readReport = createReader();
  readonly #delivery: Delivery;
  readonly #queue: LatestQueue<Turn, ReportResult>;
  #underWay: Call | undefined;
  /** The last report, where it was accepted and could not be delivered. */
  #undelivered: CanonicalStatus | undefined;
  #shutdown: Promise<void> | undefined;

  /** @throws ConfigurationError, InvalidStatusError for `onShutdown` */
  constructor(options: K8sReporterOptions) {
    const resolved = resolveOptions(options);
    this.#options = resolved;
    this.#credentials = options.credentials;
    this.#log = toLog(options.logger);
    this.#connection = connection(options);
    const client = createApiClient({
      connect: connectWith(options.credentials, this.#connection),
      timeout: resolved.timeout,
      random: resolved.random,
      schedule: options.schedule,
      onRetry: (error, delay) => this.#log('debug', 'Retrying', { error, delay }),
    });
    this.#resource = createResource(client, options, resolved.fieldManager);
    this.#delivery = createDelivery({
      ...resolved,
      resource: this.#resource,
      owned: ownership(options.owns),
      log: this.#log,
      memory: options.memory ?? {},
    });
    this.#queue = createLatestQueue(
      turn => this.#deliver(turn),
      ({ call }) => ({ outcome: 'superseded', requests: call.requests, attempts: 0 }),
    );
  }

  reportStatus(status: Status | null | undefined, options: ReportOptions = {}): Promise<ReportResult> {
    try {
      if (this.#shutdown !== undefined) throw closed();
      if (status === null || status === undefined) return Promise.resolve(skipped);
      const report = this.#readReport(status);
      const call = new Call(this.#options.totalTimeout, options.signal);
      call.check();
      if (!this.#queue.busy()) return this.#queue.push({ report, call });
      return call.step(step => this.#queue.push({ report, call }, step));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async start(options: ReportOptions = {}): Promise<Shutdown> {
    if (this.#shutdown !== undefined) throw closed();
    const call = new Call(this.#options.totalTimeout, options.signal);
    const access = await call.step(({ signal }) => this.#credentials.access({ signal }));
    this.#connection.for(access);
    this.#log('debug', 'Reporting to Kubernetes', {
      server: access.server,
      credentials: this.#credentials.source,
      namespace: this.#options.namespace,
      name: this.#options.name,
    });
    return options => this.#close(options);
  }

  /** The object as the cluster has it now: a consistent read. */
  read(options: ReportOptions = {}): Promise<ResourceObject> {
    return this.#resource.read(new Call(this.#options.totalTimeout, options.signal));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close();
  }

  #deliver({ report, call }: Turn): Promise<ReportResult> {
    this.#underWay = call;
    return this.#delivery.deliver(report, call).then(
      result => {
        this.#underWay = this.#undelivered = undefined;
        return result;
      },
      error => {
        this.#underWay = undefined;
        // What another attempt cannot change is lost here, but not quietly: the caller has the error.
        const worthAnother = isTransient(error) || isStatusReporterError(error, 'conflict');
        this.#undelivered = worthAnother ? report : undefined;
        throw error;
      },
    );
  }

  #close(options: ReportOptions = {}): Promise<void> {
    this.#shutdown ??= this.#flush(new Call(this.#options.shutdownTimeout, options.signal)).finally(() =>
      this.#connection.close(),
    );
    return this.#shutdown;
  }

  async #flush(call: Call): Promise<void> {
    try {
      await call.step(() => this.#queue.idle());
      if (this.#undelivered !== undefined) await this.#delivery.deliver(this.#undelivered, call);
    } finally {
      this.#underWay?.cancel(closed());
    }
    if (this.#options.onShutdown === 'keep') return;
    const written = await this.#delivery.deliverFinal(this.#options.onShutdown, call);
    if (!written)
      this.#log('info', 'No final status: somebody else has written since', { name: this.#options.name });
  }
}

function connection({ fetch, transport, connections }: K8sReporterOptions): TransportFollower {
  const given = transport ? givenTransport(transport) : fetch && overFetch(fetch);
  if (given === undefined) return followAccess(createTransport, connections);
  return { for: () => given, close: async () => {} };
}

function closed(): StatusReporterError {
  return new StatusReporterError('closed', 'The reporter was shut down: create a new one');
}
