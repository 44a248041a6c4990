/** Brings one report to the cluster: from what is known and what is desired to a write, or to none. */

import type { Call } from '../../api/call.ts';
import type { ApiRequest, Target } from '../../api/requests.ts';
import type { Resource } from '../../api/resource.ts';
import { retryDelay } from '../../api/retry.ts';
import { isStatusReporterError } from '../../errors.ts';
import type { CanonicalStatus } from '../../status/canonical.ts';
import { desiredStatus, ownedConditions } from '../../status/desired.ts';
import { type Difference, diffStatus, type Scope } from '../../status/diff.ts';
import { type DesiredStatus, type StatusDocument, sameJson } from '../../status/document.ts';
import { appliedFields, exceeds } from '../../status/ownership.ts';
import { applyOperations, overlay } from '../../status/patch.ts';
import { toRfc3339 } from '../../status/time.ts';
import type { Log } from '../logger.ts';
import type { Outcome, ReportResult } from '../reporter.ts';
import type { ContestTracker } from './contest.ts';
import {
  type KnownObject,
  knownObject,
  type Manager,
  managedFieldsOf,
  type ReporterMemory,
} from './known.ts';
import { prepare, writeRequest } from './strategy.ts';
import type { UnknownFields } from './unknown-fields.ts';

export interface DeliveryOptions extends Manager {
  readonly resource: Resource;
  /** Milliseconds after which a report that brings nothing but newer times is written all the same. */
  readonly heartbeatInterval: number;
  readonly log: Log;
  readonly memory: ReporterMemory;
  /** Milliseconds since the epoch. */
  now(): number;
  random(): number;
}

/** Most conflicts in a row before a report gives up. */
const mostConflicts = 8;
/** Characters of JSON that fit in any case: three bytes each, and little more than one in the records of their ownership. */
const roomy = 340_000;

const nothing: ReadonlySet<string> = new Set();

interface Plan {
  readonly desired: DesiredStatus;
  readonly scope: Scope;
  readonly difference: Difference;
  readonly yielded: ReadonlySet<string>;
}

export interface Delivery {
  deliver(report: CanonicalStatus, call: Call): Promise<ReportResult>;
  /**
   * Writes a last report only if nobody has written since this instance did: an old pod never overwrites its successor.
   *
   * @returns whether it was written
   */
  deliverFinal(report: CanonicalStatus, call: Call): Promise<boolean>;
}

export function createDelivery(options: DeliveryOptions): Delivery {
  const { resource, owned, strategy, fieldManager, heartbeatInterval, log, now, random, memory } = options;
  prepare(strategy);
  let uid = memory.known?.uid;
  /** Once somebody has changed what we wrote. */
  let contests: ContestTracker | undefined;
  /** Once a field may be unknown to the cluster's CRD. */
  let unknownFields: UnknownFields | undefined;

  async function read(call: Call): Promise<KnownObject> {
    const answer = await resource.read(call);
    const object = knownObject(answer, options, true);
    if (uid !== object.uid) {
      // Deleted and recreated: nothing that we knew of the old object is true of this one.
      memory.written = undefined;
      contests = unknownFields = undefined;
    }
    uid = object.uid;
    memory.known = object;
    const { written } = memory;
    if (written === undefined) return object;
    if (diffStatus(object.status ?? {}, written.desired, written.scope).operations.length === 0) {
      // Somebody else wrote, but nothing of ours, down to the times: as good as our own write to lock a final one to.
      memory.written = { ...written, resourceVersion: object.resourceVersion };
    } else {
      contests ??= await ifLoaded(import('./contest.ts'), ({ createContestTracker }) =>
        createContestTracker(fieldManager, log, now),
      );
    }
    contests?.observe(object, written, managedFieldsOf(answer));
    return object;
  }

  async function expectUnknownFields(): Promise<UnknownFields | undefined> {
    unknownFields ??= await ifLoaded(import('./unknown-fields.ts'), ({ createUnknownFields }) =>
      createUnknownFields(log, now),
    );
    return unknownFields;
  }

  function plan(report: CanonicalStatus, base: KnownObject): Plan {
    const written = memory.written?.scope.conditions ?? nothing;
    const applied = strategy === 'apply' ? base.applied : nothing;
    const conditions = ownedConditions(report, owned, written, applied);
    const scope: Scope = { fields: owned.fields, conditions };
    const live = base.status ?? {};
    const whole = desiredStatus(report, live, {
      generation: base.generation,
      owned,
      now: () => toRfc3339(new Date(now())),
    });
    const known = unknownFields?.strip(whole) ?? whole;
    const { desired, yielded } = contests?.yield(live, known, scope) ?? { desired: known, yielded: nothing };
    return { desired, scope, yielded, difference: diffStatus(base.status, desired, scope) };
  }

  /** Whether there is nothing that a write would change, or nothing that cannot wait for the heartbeat. */
  function isSettled({ difference }: Plan, base: KnownObject): boolean {
    if (strategy === 'apply' && base.managedFields !== undefined) return false;
    if (difference.operations.length === 0) return true;
    const { written } = memory;
    return difference.onlyHeartbeat && written !== undefined && now() - written.at < heartbeatInterval;
  }

  async function ceded(base: KnownObject, call: Call): Promise<KnownObject> {
    if (!exceeds(appliedFields(base.managedFields ?? [], fieldManager), owned)) return base;
    const { cede } = await import('./cede.ts');
    return cede(base, options, call);
  }

  function write(planned: Plan, base: KnownObject, call: Call): Promise<ReportResult> {
    const { desired, difference, yielded } = planned;
    const removes = difference.operations.some(({ op }) => op === 'remove');
    // Others may also hold what we drop, and what we find at first: only the whole answer shows what stayed behind.
    const answer = base.fresh || (strategy === 'apply' && removes) ? 'object' : 'table';
    const status =
      strategy === 'apply' && !removes
        ? overlay(base.status, desired)
        : applyOperations(base.status, difference.operations);
    const write = { desired, difference, status, fieldManager, answer } as const;
    const sized = (request: ApiRequest) => {
      const stored = strategy === 'patch' ? JSON.stringify(status) : request.body!;
      if (stored.length <= roomy) return request;
      return ifLoaded(import('./size.ts'), size => size.checkSize(stored, desired, base)).then(() => request);
    };
    const built = (target: Target) => {
      const request = writeRequest(strategy, target, base, write);
      return request instanceof Promise ? request.then(sized) : sized(request);
    };
    return resource.write(built, call).then(object => {
      memory.known =
        answer === 'object'
          ? asSent(knownObject(object, options, false), status)
          : { ...base, resourceVersion: object.metadata.resourceVersion, status, fresh: false };
      remember(planned);
      if (answer === 'table') return result('applied', call, yielded);
      return settleLeftovers(planned, call).then(outcome => result(outcome, call, yielded));
    });
  }

  function remember({ desired, scope }: Plan): void {
    // A condition that this write dropped is no longer ours.
    const conditions = new Set(owned.always);
    for (const { type } of desired.conditions ?? []) conditions.add(type);
    memory.written = {
      desired,
      scope: { ...scope, conditions: shared(conditions) },
      resourceVersion: memory.known!.resourceVersion,
      at: now(),
    };
  }

  /** Removes what is owned, not desired and still there: another manager holds it too. */
  async function settleLeftovers(planned: Plan, call: Call): Promise<Outcome> {
    const { operations } = diffStatus(memory.known!.status, planned.desired, planned.scope);
    if (operations.length === 0) return 'applied';
    (await expectUnknownFields())?.pruned(operations);
    const ghosts = operations.filter(({ op }) => op === 'remove');
    if (ghosts.length === 0) return 'applied';
    const base = memory.known!;
    memory.known = undefined;
    memory.known = await ifLoaded(import('./ghosts.ts'), ({ removeGhosts }) =>
      removeGhosts(ghosts, base, options, call),
    );
    if (memory.known === undefined) return 'partial';
    remember(planned);
    return 'applied';
  }

  function result(outcome: Outcome, call: Call, yielded: ReadonlySet<string>): ReportResult {
    const { known } = memory;
    return {
      outcome,
      ...(known && { resourceVersion: known.resourceVersion, generation: known.generation }),
      requests: call.requests,
      attempts: call.attempts,
      ...(yielded.size > 0 && { contested: [...yielded] }),
    };
  }

  /**
   * No async function: each that waits for an answer takes up the processor again when that comes.
   *
   * @param justRead the object as it is; else what is known of it has to do, and is checked where nothing is to be written
   */
  function attempt(
    report: CanonicalStatus,
    call: Call,
    justRead?: KnownObject,
  ): ReportResult | Promise<ReportResult> {
    const base = justRead ?? memory.known;
    if (base === undefined) return attemptAfresh(report, call);
    const planned = plan(report, base);
    if (!isSettled(planned, base)) {
      if (strategy !== 'apply' || !base.fresh) return write(planned, base, call);
      return ceded(base, call).then(ready =>
        write(ready === base ? planned : plan(report, ready), ready, call),
      );
    }
    const unchanged = () => result('unchanged', call, planned.yielded);
    if (justRead) return unchanged();
    return resource
      .resourceVersion(base.resourceVersion, call)
      .then(version =>
        version === undefined || version === base.resourceVersion ? unchanged() : attemptAfresh(report, call),
      );
  }

  function attemptAfresh(report: CanonicalStatus, call: Call): Promise<ReportResult> {
    return read(call).then(object => attempt(report, call, object));
  }

  return {
    async deliver(report, call) {
      for (let conflicts = 1; ; call.attempts++) {
        try {
          return await attempt(report, call);
        } catch (error) {
          if (isStatusReporterError(error, 'rejected') && (await expectUnknownFields())?.refused(error))
            continue;
          const conflict = isStatusReporterError(error, 'conflict');
          if (conflict || isStatusReporterError(error, 'not_found')) memory.known = undefined;
          const delay = conflict ? retryDelay(error, conflicts, random()) : 0;
          if (!conflict || ++conflicts > mostConflicts || delay >= call.remaining) throw error;
          await call.sleep(delay);
        }
      }
    },
    async deliverFinal(report, call) {
      const { known, written } = memory;
      if (known === undefined || written === undefined || known.resourceVersion !== written.resourceVersion)
        return false;
      const base = { ...known, fresh: false };
      try {
        await write(plan(report, base), base, call);
        return true;
      } catch (error) {
        if (isStatusReporterError(error, 'conflict')) return false;
        throw error;
      }
    },
  };
}

let lastTypes: ReadonlySet<string> = new Set();

/** The reports of a fleet mostly have conditions of the same types: one set is kept for all of them. */
function shared(types: ReadonlySet<string>): ReadonlySet<string> {
  if (types.size !== lastTypes.size || ![...types].every(type => lastTypes.has(type))) lastTypes = types;
  return lastTypes;
}

/** Where the answer says what was sent, one copy of it is enough. */
function asSent(known: KnownObject, status: StatusDocument): KnownObject {
  return sameJson(known.status, status) ? { ...known, status } : known;
}

/** A deployment may have replaced the files of a running process: then it goes on without what it is for. */
function ifLoaded<Module, T>(
  loading: Promise<Module>,
  use: (module: Module) => T,
): Promise<Awaited<T> | undefined> {
  return Promise.resolve(loading.then(use, () => undefined));
}
