import type { ResourceRecord } from '../model.ts';
import { isSilent, toneOf } from './concern.ts';
import { OneServer, Servers, titleOf } from './document.tsx';
import { idOf, Overview, summarise } from './overview.tsx';
import { favicon } from './phase.tsx';
import { PhaseChanges } from './timeline.tsx';

/** What the page's script takes. */
export interface Update {
  /** Milliseconds since the epoch, by the clock of the service. */
  readonly now: number;
  readonly title: string;
  /** Of the page's icon. */
  readonly icon: string;
  /** Element ids, and the HTML to put in their places. */
  readonly parts: readonly (readonly [id: string, html: string])[];
  /** For screen readers; only what is worth being told unasked. */
  readonly news?: string;
}

/** What one viewer sees, and what to send it when something changes. */
export interface View {
  /** Everything: for a viewer that has just come, or come back. */
  all(now: number): Update;
  /** What these records change; `undefined` where that is nothing. */
  put(records: readonly ResourceRecord[], now: number): Update | undefined;
}

/** @param seen what the viewer may see so far */
export function createView(seen: readonly ResourceRecord[]): View {
  const records = new Map(seen.map(record => [idOf(record), record]));
  const silent = new Set<string>();

  const sorted = () => [...records.values()].sort(byTarget);

  function frame(now: number, parts: Update['parts'], news?: string): Update {
    const all = sorted();
    const head = { now, title: titleOf(all, now), icon: favicon(summarise(all, now).mark), parts };
    return news === undefined ? head : { ...head, news };
  }

  /** The parts about all resources. */
  function common(all: readonly ResourceRecord[], now: number): [string, string][] {
    return [
      ['overview', String(<Overview records={all} now={now} />)],
      ['changes', String(<PhaseChanges records={all} now={now} />)],
    ];
  }

  /** Notes who is silent now. @returns whose silence begins or ends */
  function listen(now: number): string[] {
    return [...records].flatMap(([id, record]) => {
      if (isSilent(record, now) === silent.has(id)) return [];
      if (!silent.delete(id)) silent.add(id);
      return [id];
    });
  }

  return {
    all(now) {
      listen(now);
      const all = sorted();
      return frame(now, [...common(all, now), ['servers', String(<Servers records={all} now={now} />)]]);
    },
    put(changed, now) {
      const news: string[] = [];
      let arrived = false;
      let moved = false;
      for (const record of changed) {
        const id = idOf(record);
        const before = records.get(id);
        records.set(id, record);
        arrived ||= before === undefined;
        moved ||= before === undefined || toneOf(before, now) !== toneOf(record, now);
        if (before?.status.phase === record.status.phase) continue;
        moved = true;
        news.push(`${record.namespace}/${record.name} is ${record.status.phase}.`);
      }
      const turned = listen(now);
      const touched = new Set([...changed.map(idOf), ...turned]);
      if (touched.size === 0) return undefined;
      const all = sorted();
      const servers: [string, string][] = arrived
        ? [['servers', String(<Servers records={all} now={now} />)]]
        : [...touched].map(id => [
            id,
            String(<OneServer record={records.get(id)!} of={all.length} now={now} />),
          ]);
      // What shows no ages stays as it is while nothing moves.
      const parts = moved || turned.length > 0 ? [...common(all, now), ...servers] : servers;
      return frame(now, parts, news.length > 0 ? news.join(' ') : undefined);
    },
  };
}

function byTarget(a: ResourceRecord, b: ResourceRecord): number {
  const [left, right] = [`${a.namespace} ${a.name}`, `${b.namespace} ${b.name}`];
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * Records as they are put, in bunches: what changes within `pause` milliseconds is one, and an empty one is a sign of life
 * after `heartbeat` milliseconds. The signal ends it.
 */
export async function* bunches(
  changes: AsyncIterator<ResourceRecord>,
  options: { readonly signal: AbortSignal; readonly pause: number; readonly heartbeat: number },
): AsyncGenerator<readonly ResourceRecord[]> {
  const { signal, pause, heartbeat } = options;
  let next = changes.next();
  while (!signal.aborted) {
    const bunch = new Map<string, ResourceRecord>();
    let late = after(heartbeat);
    let step = await Promise.race([next, late.promise]);
    late.cancel();
    late = after(pause);
    while (step !== undefined) {
      if (step.done) return;
      bunch.set(idOf(step.value), step.value);
      next = changes.next();
      step = await Promise.race([next, late.promise]);
    }
    late.cancel();
    yield [...bunch.values()];
  }
}

function after(ms: number): { promise: Promise<undefined>; cancel(): void } {
  let cancel = () => {};
  const promise = new Promise<undefined>(resolve => {
    const timer = setTimeout(resolve, ms, undefined);
    cancel = () => clearTimeout(timer);
  });
  return { promise, cancel };
}
