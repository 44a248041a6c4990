/**
 * Fields that the cluster's CRD does not have: an older CRD must still be served. Rare: loaded where a write shows that
 * there may be one.
 */

import { undeclaredFields } from '../../api/undeclared-fields.ts';
import type { Operation } from '../../status/diff.ts';
import type { DesiredStatus } from '../../status/document.ts';
import { leaveOut } from '../../status/leaving-out.ts';
import type { Log } from '../logger.ts';

/** Milliseconds after which a field is tried again: the CRD may have been updated. */
const retryAfter = 3_600_000;

export interface UnknownFields {
  /** The status without what is left out for now. */
  strip(desired: DesiredStatus): DesiredStatus;
  /** Takes note of the fields that an apply was refused for. Returns whether any is news. */
  refused(error: unknown): boolean;
  /** Takes note of what a write silently lost: what would still have to be added right after it. */
  pruned(operations: readonly Operation[]): void;
}

export function createUnknownFields(log: Log, now: () => number): UnknownFields {
  /** `discoveredBackends.mcpRevision`: until when it is left out of every write. */
  const until = new Map<string, number>();
  const logged = new Set<string>();

  function learn(fields: readonly string[]): boolean {
    const news = fields.filter(field => !((until.get(field) ?? 0) > now()));
    for (const field of news) {
      until.set(field, now() + retryAfter);
      if (logged.has(field)) continue;
      logged.add(field);
      log(
        'warn',
        `The cluster's CustomResourceDefinition has no status.${field}, which is left out: update it`,
        { field },
      );
    }
    return news.length > 0;
  }

  return {
    strip: desired =>
      leaveOut(
        desired,
        [...until.keys()].filter(field => until.get(field)! > now()),
      ),
    refused: error => learn(undeclaredFields(error)),
    pruned(operations) {
      const lost = operations.flatMap(({ op, path }) => {
        const [, field, member] = /^\/status\/(\w+)(?:\/\d+\/(\w+))?$/.exec(path) ?? [];
        return op === 'add' && field !== undefined
          ? [member === undefined ? field : `${field}.${member}`]
          : [];
      });
      learn([...new Set(lost)]);
    },
  };
}
