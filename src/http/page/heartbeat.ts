/** Milliseconds between signs of life on a quiet stream; Bun ends one that is silent for 10 s. */
export const heartbeat = 5_000;
