import type { ResourceObject } from '../api/resource.ts';
import { StatusReporterError } from '../errors.ts';
import { toLog } from '../reporter/logger.ts';
import type { Reporter, ReportOptions } from '../reporter/reporter.ts';
import type { Logger } from '../types.ts';
import type { Caller } from './model.ts';
import { Recent } from './recent.ts';
import type { Target } from './target.ts';

/** A reporter that can also say what the cluster says: `K8sReporter`. */
export interface ResourceReporter extends Reporter {
  /** Reads the resource as it is now. */
  read(options?: ReportOptions): Promise<ResourceObject>;
}

/** Options of {@link createReporters}. */
export interface ReportersOptions {
  /** Makes the reporter of one resource; does no IO. Called again for a resource whose reporter was let go. */
  readonly create: (target: Target, caller: Caller) => ResourceReporter;
  /** Most reporters kept; the least recently used one goes, after it has delivered what it has. Default 1000. */
  readonly limit?: number;
  /** Told of what could not be delivered by a reporter that was let go. Default: none. */
  readonly logger?: Logger;
}

/** The reporters of a service, one for each resource and credential. */
export interface Reporters {
  /**
   * The reporter of a resource for callers of that partition; made where there is none yet.
   *
   * @throws StatusReporterError `closed` after {@link Reporters.close}
   */
  get(target: Target, caller: Caller): ResourceReporter;
  /** How many are kept. */
  readonly size: number;
  /** Delivers what is pending everywhere, then closes. Idempotent; never rejects: what fails is logged. */
  close(): Promise<void>;
}

interface Kept {
  readonly target: Target;
  readonly reporter: ResourceReporter;
}

/** Keeps reporters, so that reports coalesce and known objects are known; never across credentials. */
export function createReporters(options: ReportersOptions): Reporters {
  const { create, limit = 1000 } = options;
  const log = toLog(options.logger);
  const kept = new Recent<Kept>(limit, letGo);
  const leaving = new Map<string, Promise<void>>();
  let closed = false;

  function letGo(key: string, { reporter, target }: Kept): void {
    const left = Promise.resolve(reporter[Symbol.asyncDispose]())
      .catch(error =>
        log('error', `The last report on ${target.namespace}/${target.name} could not be delivered`, {
          error,
        }),
      )
      .finally(() => {
        // The same resource may have come back and gone again meanwhile.
        if (leaving.get(key) === left) leaving.delete(key);
      });
    leaving.set(key, left);
  }

  function make(key: string, target: Target, caller: Caller): Kept {
    const reporter = create(target, caller);
    const before = leaving.get(key);
    return { target, reporter: before === undefined ? reporter : startedAfter(before, reporter) };
  }

  return {
    get(target, caller) {
      if (closed) throw new StatusReporterError('closed', 'The service is shutting down.');
      const key = keyOf(target, caller);
      let entry = kept.use(key);
      if (entry === undefined) {
        entry = make(key, target, caller);
        kept.set(key, entry);
      }
      return entry.reporter;
    },
    get size() {
      return kept.size;
    },
    async close() {
      closed = true;
      for (const key of [...kept.keys()]) letGo(key, kept.take(key)!);
      await Promise.all(leaving.values());
    },
  };
}

/** Tells resources apart, and credentials: no part contains a space. */
export function keyOf({ namespace, name }: Target, { partition }: Caller): string {
  return `${namespace} ${name} ${partition}`;
}

/** The reporter, but its reports wait until the one before it has delivered its last: an older one would come later. */
function startedAfter(before: Promise<void>, reporter: ResourceReporter): ResourceReporter {
  return {
    reportStatus: async (status, options) => {
      await before;
      return reporter.reportStatus(status, options);
    },
    read: options => reporter.read(options),
    start: options => reporter.start(options),
    [Symbol.asyncDispose]: async () => {
      await before;
      await reporter[Symbol.asyncDispose]();
    },
  };
}
