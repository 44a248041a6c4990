/** Fields that the cluster's CRD does not have: an older CRD must still be served. */

import type { Operation } from '../../status/diff.ts';
import type { Log } from '../logger.ts';

/** Milliseconds after which a field is tried again: the CRD may have been updated. */
const retryAfter = 3_600_000;

export interface UnknownFields {
  /** Left out of every write for now: `discoveredBackends.mcpRevision`. */
  current(): ReadonlySet<string>;
  /** Takes note of fields that an apply was refused for. Returns whether any is news. */
  learn(fields: readonly string[]): boolean;
  /** Takes note of what a write silently lost: what would still have to be added right after it. */
  pruned(operations: readonly Operation[]): void;
  /** Forgets everything: another object. */
  reset(): void;
}

export function createUnknownFields(log: Log, now: () => number): UnknownFields {
  const until = new Map<string, number>();
  const logged = new Set<string>();

  function current(): ReadonlySet<string> {
    for (const [field, end] of until) if (end <= now()) until.delete(field);
    return new Set(until.keys());
  }

  function learn(fields: readonly string[]): boolean {
    const known = current();
    const news = fields.filter(field => !known.has(field));
    for (const field of news) {
      until.set(field, now() + retryAfter);
      if (logged.has(field)) continue;
      logged.add(field);
      log(
        'warn',
        `The cluster's CustomResourceDefinition has no status.${field}, which is left out: update it`,
        {
          field,
        },
      );
    }
    return news.length > 0;
  }

  return {
    current,
    learn,
    pruned(operations) {
      const lost = operations.flatMap(({ op, path }) => {
        const [, field, member] = /^\/status\/(\w+)(?:\/\d+\/(\w+))?$/.exec(path) ?? [];
        return op === 'add' && field !== undefined
          ? [member === undefined ? field : `${field}.${member}`]
          : [];
      });
      learn([...new Set(lost)]);
    },
    reset: () => until.clear(),
  };
}
