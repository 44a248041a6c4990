import type { ConsoleLike } from '../types.ts';

/** What goes wrong, and what is worth knowing; not every step. */
export const logger: ConsoleLike = { ...console, debug: () => {} };
