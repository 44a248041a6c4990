import type { Change } from '../../api/watch.ts';
import { changesBetween } from './changes.ts';
import { byHealth, type Colours } from './colours.ts';
import type { ViewedStatus } from './status-view.ts';
import { plain } from './table.ts';

/** Tells changes in lines: remembers what it has told of each object. */
export interface ChangeView {
  /** A line, `undefined` where nothing changed that one would see: times alone, or metadata. */
  line(change: Change, now: number): string | undefined;
}

export function createChangeView(colours: Colours): ChangeView {
  const told = new Map<string, ViewedStatus>();

  return {
    line({ type, object: { metadata, status = {} } }, now) {
      const key = `${metadata.namespace}/${metadata.name}`;
      const before = told.get(key);
      const after = status as ViewedStatus;
      if (type === 'DELETED') told.delete(key);
      else told.set(key, after);
      const said = wordsFor(type, before, after);
      if (said === undefined) return undefined;
      const { phase, backendCount = 0, discoveredBackends = [] } = after;
      const parts = [
        colours.dim(`${new Date(now).toISOString().slice(11, 19)}Z`),
        colours.bold(plain(key)),
        type === 'DELETED' ? colours.red('deleted') : byHealth(colours, plain(phase) || 'no phase'),
        type !== 'DELETED' && discoveredBackends.length > 0 && `${backendCount}/${discoveredBackends.length}`,
        said,
      ];
      return parts.filter(Boolean).join('  ');
    },
  };
}

function wordsFor(
  type: Change['type'],
  before: ViewedStatus | undefined,
  after: ViewedStatus,
): string | undefined {
  if (type === 'DELETED') return '';
  if (before === undefined) return plain(after.message);
  const changes = changesBetween(before, after);
  return changes.length === 0 ? undefined : changes.join(', ');
}
