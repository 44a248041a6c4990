/** What a question has to show, and whether it did. */

import { show, table } from './table.ts';

export interface Target {
  /** `throughput against the floor, 50 backends, concurrency 16`. */
  readonly what: string;
  readonly measured: number;
  readonly bound: '≥' | '≤';
  readonly limit: number;
  /** `×`, `kB`, `ms`; empty for plain counts. */
  readonly unit: string;
}

export function isMet({ measured, bound, limit }: Target): boolean {
  return bound === '≥' ? measured >= limit : measured <= limit;
}

/** @example atLeast('throughput against the floor', 0.93, 0.9, '×') */
export function atLeast(what: string, measured: number, limit: number, unit = ''): Target {
  return { what, measured, bound: '≥', limit, unit };
}

export function atMost(what: string, measured: number, limit: number, unit = ''): Target {
  return { what, measured, bound: '≤', limit, unit };
}

export function targetTable(targets: readonly Target[]): string {
  return table(
    ['target', 'at least or most', 'measured', ''],
    targets.map(target => [
      target.what,
      `${target.bound} ${quantity(target.limit, target.unit)}`,
      quantity(target.measured, target.unit),
      isMet(target) ? 'met' : 'NOT MET',
    ]),
  );
}

function quantity(value: number, unit: string): string {
  return `${show(value)}${unit === '' || unit === '×' || unit === '%' ? unit : ` ${unit}`}`;
}
