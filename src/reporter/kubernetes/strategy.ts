/** The three ways to write one and the same desired state. */

import { type ApiRequest, applyStatus, type Target, type WriteOptions } from '../../api/requests.ts';
import type { Difference } from '../../status/diff.ts';
import type { DesiredStatus, StatusDocument } from '../../status/document.ts';
import type { KnownObject } from './known.ts';

/**
 * How a status is written.
 *
 * - `apply` (default): server-side apply; says who owns what and lets go of what a report drops
 * - `patch`: the minimal JSON patch
 * - `update`: the whole status by PUT, for servers and proxies that allow nothing else
 *
 * Never mix them on one object: what an `update` holds, an `apply` does not release.
 */
export type Strategy = 'apply' | 'patch' | 'update';

/** A write of one desired state, in every form that a strategy may ask for. */
export interface Write extends WriteOptions {
  /** All that is owned. */
  readonly desired: DesiredStatus;
  readonly difference: Difference;
  /** The whole status as the difference leaves it. */
  readonly status: StatusDocument;
}

/** The write as a request, locked to the known resourceVersion. */
export function writeRequest(
  strategy: Strategy,
  target: Target,
  known: KnownObject,
  write: Write,
): ApiRequest | Promise<ApiRequest> {
  if (strategy === 'apply') return applyStatus(target, write.desired, known.resourceVersion, write);
  return import('./other-strategies.ts').then(({ otherRequest }) =>
    otherRequest(strategy, target, known, write),
  );
}

/** Loads what a strategy needs while its files are there: a deployment may replace those of a running process. */
export function prepare(strategy: Strategy): void {
  if (strategy !== 'apply') import('./other-strategies.ts').catch(() => {});
}
