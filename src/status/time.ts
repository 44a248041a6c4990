import type { Time } from './types.ts';

/** RFC 3339 `date-time` as Go reads it: capital `T` and `Z`, a point before the fraction, no leap second. */
const pattern =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const fraction = /\.\d+/;

const firstInstant = Date.parse('0001-01-01T00:00:00Z');
const lastInstant = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Whether `text` is a moment that Go's `time.Time` and the API server's `date-time` format both accept: RFC 3339 with
 * a real day, whose UTC year is 0001 to 9999.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3339#section-5.6
 */
export function isRfc3339(text: string): boolean {
  if (!pattern.test(text)) return false;
  const year = text.slice(0, 4);
  const day = text.slice(8, 10);
  if (day > '28' && Number(day) > daysInMonth(Number(year), Number(text.slice(5, 7)))) return false;
  return (year > '0001' && year < '9999') || isInstant(instant(text));
}

/** Whether `ms` lies within the years 0001 to 9999; `NaN` does not. */
export function isInstant(ms: number): boolean {
  return ms >= firstInstant && ms <= lastInstant;
}

/** Milliseconds since 1970, UTC. `time` must be valid; a fraction finer than a millisecond is cut off. */
export function instant(time: Time): number {
  return typeof time === 'string' ? Date.parse(time) : time.getTime();
}

/** `time` as Go's `metav1.Time` is written: UTC, whole seconds, `2026-01-02T03:04:05Z`. The fraction is cut off. */
export function toRfc3339(time: Time): string {
  if (typeof time !== 'string') return textOf(Math.floor(time.getTime() / 1000));
  if (time.endsWith('Z')) return time.length === 20 ? time : `${time.slice(0, 19)}Z`;
  return toRfc3339(new Date(time.replace(fraction, '')));
}

let lastSecond = Number.NaN;
let lastText = '';

/** The times of a report, and those of a fleet, are mostly one: it is written and kept once. */
function textOf(second: number): string {
  if (second !== lastSecond) {
    lastText = new Date(second * 1000).toISOString().replace('.000', '');
    lastSecond = second;
  }
  return lastText;
}

function daysInMonth(year: number, month: number): number {
  // Day 0 of the next month. Years below 100 mean those since 1900, which leap alike.
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
