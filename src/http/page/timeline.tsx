import type { PhaseChange, ResourceRecord } from '../model.ts';
import { Age, Clock, formatDuration } from './age.tsx';
import { idOf } from './overview.tsx';
import { Badge, markOf } from './phase.tsx';

const minute = 60_000;
/** Spans that a bar may show, in milliseconds: the first that holds everything known, so that bars compare. */
const spans = [5, 15, 60, 360, 1440].map(minutes => minutes * minute);
/** Units that a bar is wide. */
const width = 1000;
/** Least units that a phase is wide: a short one must be seen. */
const least = 6;

interface Segment {
  readonly phase: PhaseChange['phase'];
  readonly x: number;
  readonly width: number;
}

/** The span of a bar in milliseconds, and what fills it. */
export function segmentsOf(
  timeline: readonly PhaseChange[],
  now: number,
): { span: number; segments: Segment[] } {
  const oldest = timeline[0] === undefined ? now : Date.parse(timeline[0].at);
  const span = spans.find(each => now - oldest <= each) ?? spans.at(-1)!;
  const at = (time: number) => Math.round(((Math.max(time, now - span) - (now - span)) / span) * width);
  const segments = timeline.flatMap(({ phase, at: from }, index) => {
    const next = timeline[index + 1];
    const until = next === undefined ? now : Date.parse(next.at);
    if (until < now - span) return [];
    const x = Math.min(at(Date.parse(from)), width - least);
    return [{ phase, x, width: Math.max(at(until) - x, least) }];
  });
  return { span, segments };
}

/** The phases of a resource as a bar from some time ago until now; the words say the same. */
export function Timeline({ timeline, now }: { timeline: readonly PhaseChange[]; now: number }) {
  const { span, segments } = segmentsOf(timeline, now);
  const last = timeline.at(-1);
  const recent = timeline.slice(1).filter(({ at }) => now - Date.parse(at) <= span).length;
  const changes = recent === 0 ? 'no change' : recent === 1 ? '1 change' : `${recent} changes`;
  return (
    <figure class="timeline">
      <svg viewBox={`0 0 ${width} 10`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {segments.map(({ phase, x, width }) => (
          <rect class={markOf[phase]} x={x} y="0" width={width} height="10" />
        ))}
      </svg>
      <figcaption>
        <span>
          {last && (
            <>
              {last.phase} for <Age at={last.at} now={now} bare />
            </>
          )}
        </span>
        <span>
          {changes} in {formatDuration(span)}
        </span>
      </figcaption>
    </figure>
  );
}

/** Most phase changes listed. */
const listed = 12;

/** The latest changes of phase of all resources. */
export function PhaseChanges({ records, now }: { records: readonly ResourceRecord[]; now: number }) {
  const changes = records
    .flatMap(record =>
      record.timeline.map((change, index) => ({ record, change, before: record.timeline[index - 1] })),
    )
    .sort((a, b) => Date.parse(b.change.at) - Date.parse(a.change.at))
    .slice(0, listed);
  return (
    <section id="changes" class="changes" aria-labelledby="changes-title">
      <h2 id="changes-title">Phase changes</h2>
      {changes.length === 0 && <p class="note">None yet.</p>}
      <ol>
        {changes.map(({ record, change, before }) => (
          <li>
            <span class="clock">
              <Clock at={change.at} now={now} />
            </span>
            <Badge mark={markOf[change.phase]}>{change.phase}</Badge>
            <span class="what">
              <a id={`change-${idOf(record)}-${change.at}`} href={`#${idOf(record)}`}>
                {record.namespace}/{record.name}
              </a>
              {before === undefined ? ' first reported' : ` was ${before.phase}`}
            </span>
          </li>
        ))}
      </ol>
      <p class="note">Times are UTC.</p>
    </section>
  );
}
