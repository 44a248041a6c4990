/** One way to log, whichever kind of logger the application has. */

import type { ConsoleLike, Logger, PinoLike } from '../types.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';

/** Logs a message with fields. */
export type Log = (level: Level, message: string, fields?: object) => void;

/** @param logger console-like (message first) or pino-like (fields first, told by its `child`); absent: silence */
export function toLog(logger: Logger | undefined): Log {
  if (logger === undefined) return silence;
  if (isPinoLike(logger)) return (level, message, fields = {}) => logger[level](fields, message);
  return (level, message, fields) =>
    fields === undefined ? logger[level](message) : logger[level](message, fields);
}

const silence: Log = () => {};

function isPinoLike(logger: Logger): logger is PinoLike {
  return (
    'child' in logger && typeof (logger as PinoLike | (ConsoleLike & { child: unknown })).child === 'function'
  );
}
