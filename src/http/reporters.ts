import type { ResourceObject } from '../api/resource.ts';
import { StatusReporterError } from '../errors.ts';
import { toLog } from '../reporter/logger.ts';
import type { Reporter, ReportOptions } from '../reporter/reporter.ts';
import type { Logger } from '../types.ts';
import type { Target } from './target.ts';

/** A reporter that can also say what the cluster says: `K8sReporter`. */
export interface ResourceReporter extends Reporter {
  /** Reads the resource as it is now. */
  read(options?: ReportOptions): Promise<ResourceObject>;
}

/** Options of {@link createReporters}. */
export interface ReportersOptions {
  /** Makes the reporter of one resource; does no IO. Called again for a resource whose reporter was let go. */
  readonly create: (target: Target) => ResourceReporter;
  /** Most reporters kept; the least recently used one goes, after it has delivered what it has. Default 1000. */
  readonly limit?: number;
  /** Told of what could not be delivered by a reporter that was let go. Default: none. */
  readonly logger?: Logger;
}

/** The reporters of a service, one for each resource. */
export interface Reporters {
  /**
   * The reporter of a resource; made where there is none yet.
   *
   * @throws StatusReporterError `closed` after {@link Reporters.close}
   */
  get(target: Target): ResourceReporter;
  /** How many are kept. */
  readonly size: number;
  /** Delivers what is pending everywhere, then closes. Idempotent; never rejects: what fails is logged. */
  close(): Promise<void>;
}

/** Keeps one reporter for each resource, so that reports coalesce and known objects are known. */
export function createReporters(options: ReportersOptions): Reporters {
  const { create, limit = 1000 } = options;
  const log = toLog(options.logger);
  const kept = new Map<string, ResourceReporter>();
  const leaving = new Set<Promise<void>>();
  let closed = false;

  function letGo(key: string, reporter: ResourceReporter): void {
    kept.delete(key);
    const left = Promise.resolve(reporter[Symbol.asyncDispose]())
      .catch(error => log('error', `The last report on ${key} could not be delivered`, { error }))
      .finally(() => leaving.delete(left));
    leaving.add(left);
  }

  return {
    get({ namespace, name }) {
      if (closed) throw new StatusReporterError('closed', 'The service is shutting down.');
      const key = `${namespace}/${name}`;
      const reporter = kept.get(key) ?? create({ namespace, name });
      // A Map is walked in the order of insertion: what was used last goes to its end.
      kept.delete(key);
      kept.set(key, reporter);
      const [oldest] = kept;
      if (kept.size > limit && oldest) letGo(...oldest);
      return reporter;
    },
    get size() {
      return kept.size;
    },
    async close() {
      closed = true;
      for (const [key, reporter] of kept) letGo(key, reporter);
      await Promise.all(leaving);
    },
  };
}
