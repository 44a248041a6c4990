/** Contestants take turns, so that whatever else the machine does meets all of them alike. */

import { median } from './statistics.ts';

/** One who takes part: does its work for one round and answers figures by name, in units of the caller's choice. */
export type Contestant<Figure extends string> = () => Promise<Readonly<Record<Figure, number>>>;

export interface RoundsOptions {
  /** Counted rounds of every contestant. */
  readonly rounds: number;
  /** Rounds before those, which nobody counts. Default 1. */
  readonly warmup?: number;
}

/** The figures of one contestant, a list entry for each counted round. */
export type Rounds<Figure extends string> = Readonly<Record<Figure, readonly number[]>>;

/**
 * Every contestant once a round, in an order that turns round: who comes first in one round comes last in the next, so
 * that nobody always follows the same neighbour's garbage.
 */
export async function takeTurns<Name extends string, Figure extends string>(
  contestants: Readonly<Record<Name, Contestant<Figure>>>,
  { rounds, warmup = 1 }: RoundsOptions,
): Promise<Record<Name, Rounds<Figure>>> {
  const names = Object.keys(contestants) as Name[];
  const figures = new Map(names.map(name => [name, {} as Record<Figure, number[]>]));
  for (let round = -warmup; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const result = await contestants[name]();
      if (round < 0) continue;
      const lists = figures.get(name)!;
      for (const figure in result) {
        lists[figure] ??= [];
        lists[figure].push(result[figure]);
      }
    }
  }
  return Object.fromEntries<Rounds<Figure>>(figures) as Record<Name, Rounds<Figure>>;
}

/** The rounds of several turns of the same contestants, one after the other. */
export function together<Name extends string, Figure extends string>(
  turns: readonly Record<Name, Rounds<Figure>>[],
): Record<Name, Rounds<Figure>> {
  const all = {} as Record<Name, Record<Figure, number[]>>;
  for (const turn of turns) {
    for (const name in turn) {
      all[name] ??= {} as Record<Figure, number[]>;
      for (const figure in turn[name]) {
        all[name][figure] ??= [];
        all[name][figure].push(...turn[name][figure]);
      }
    }
  }
  return all;
}

/** The median of every figure. */
export function medians<Figure extends string>(rounds: Rounds<Figure>): Record<Figure, number> {
  return Object.fromEntries(
    Object.entries<readonly number[]>(rounds).map(([figure, values]) => [figure, median(values)]),
  ) as Record<Figure, number>;
}

/** The median over the rounds of `ours` by `theirs` of the same round: what happens to both cancels out. */
export function medianRatio(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((value, round) => value / theirs[round]!));
}
