/** What was written last: under load, moments to write are of one second, and many of one millisecond. */
let last = { at: Number.NaN, text: '' };
let second = { at: Number.NaN, text: '' };

/** As `new Date(milliseconds).toISOString()` has it, for a fraction of what that costs. */
export function isoTime(milliseconds: number): string {
  if (milliseconds === last.at) return last.text;
  const at = Math.floor(milliseconds / 1000);
  if (at !== second.at) second = { at, text: new Date(at * 1000).toISOString().slice(0, -4) };
  const rest = String(Math.trunc(milliseconds - at * 1000)).padStart(3, '0');
  last = { at: milliseconds, text: `${second.text}${rest}Z` };
  return last.text;
}
