import type { Phase } from '../../status/types.ts';
import type { ResourceRecord } from '../model.ts';
import type { Target } from '../target.ts';
import { toneOf } from './concern.ts';
import { Icon, type Mark, markOf } from './phase.tsx';

/** Of the part of the page that shows a resource; a namespace has no dot, so that two never share one. */
export function idOf({ namespace, name }: Target): string {
  return `server-${namespace}.${name}`;
}

/** All in one sentence. */
export interface Summary {
  readonly mark: Mark;
  readonly text: string;
}

const words: readonly (readonly [Phase, string])[] = [
  ['Failed', 'failed'],
  ['Degraded', 'degraded'],
  ['Pending', 'pending'],
  ['Ready', 'ready'],
];

export function summarise(records: readonly ResourceRecord[], now: number): Summary {
  const total = records.length;
  const tones = records.map(record => toneOf(record, now));
  const count = (...phases: Phase[]) => tones.filter(tone => phases.includes(tone)).length;
  const troubled = count('Failed', 'Degraded');
  const of = total === 1 ? 'The server' : `${troubled || count('Pending')} of ${total} servers`;
  if (total === 0) return { mark: 'wait', text: 'Nothing has been reported yet' };
  if (troubled > 0) {
    const needs = total === 1 || troubled === 1 ? 'needs' : 'need';
    return { mark: count('Failed') > 0 ? 'bad' : 'warn', text: `${of} ${needs} attention` };
  }
  if (count('Pending') > 0) {
    const verb = total === 1 || count('Pending') === 1 ? 'is' : 'are';
    return { mark: 'wait', text: `${of} ${verb} still starting` };
  }
  return { mark: 'ok', text: total === 1 ? 'The server is ready' : `All ${total} servers are ready` };
}

/** The sentence, the numbers, and a way to each server. It shows no ages: it stays the same while nothing changes. */
export function Overview({ records, now }: { records: readonly ResourceRecord[]; now: number }) {
  const { mark, text } = summarise(records, now);
  const counts = words
    .map(([phase, word]) => [records.filter(({ status }) => status.phase === phase).length, word] as const)
    .filter(([count]) => count > 0);
  return (
    <div id="overview" class={`overview ${mark}`}>
      <h1>
        <Icon mark={mark} />
        {text}
      </h1>
      {records.length > 1 && (
        <>
          <p class="counts">{counts.map(([count, word]) => `${count} ${word}`).join(', ')}</p>
          <nav aria-label="Servers">
            <ul class="index">
              {records.map(record => (
                <li>
                  <a id={`to-${idOf(record)}`} href={`#${idOf(record)}`} class={markOf[toneOf(record, now)]}>
                    <Icon mark={markOf[toneOf(record, now)]} />
                    <span class="namespace">{record.namespace}/</span>
                    {record.name}
                    <span class="unseen">, {record.status.phase}</span>
                  </a>
                </li>
              ))}
            </ul>
          </nav>
        </>
      )}
    </div>
  );
}
