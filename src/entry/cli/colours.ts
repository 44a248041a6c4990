import picocolors from 'picocolors/picocolors.js';
import type { Console } from './console.ts';

export type Colours = ReturnType<typeof picocolors.createColors>;

/**
 * Colours for people, on the standard output: on a terminal, unless `NO_COLOR` says no; elsewhere only where `FORCE_COLOR`
 * says yes.
 *
 * @see https://no-color.org
 * @see https://force-color.org
 */
export function coloursFor({ env, isTerminal }: Pick<Console, 'env' | 'isTerminal'>): Colours {
  return picocolors.createColors(wantsColours(env, isTerminal));
}

/** The same, on the standard error. */
export function errorColoursFor({
  env,
  complainsToTerminal,
}: Pick<Console, 'env' | 'complainsToTerminal'>): Colours {
  return picocolors.createColors(wantsColours(env, complainsToTerminal));
}

function wantsColours(env: Console['env'], isTerminal: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTerminal && TERM !== 'dumb';
}

/** Green for what works, yellow for what half does, red for what does not; anything else stays as it is. */
export function byHealth(colours: Colours, word: string): string {
  const colour = health[word.toLowerCase()];
  return colour === undefined ? word : colours[colour](word);
}

const health: Readonly<Record<string, 'green' | 'yellow' | 'red'>> = {
  ready: 'green',
  true: 'green',
  degraded: 'yellow',
  pending: 'yellow',
  unauthenticated: 'yellow',
  unknown: 'yellow',
  failed: 'red',
  unavailable: 'red',
};
