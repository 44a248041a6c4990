/** Numbers from many numbers. */

/** The middle of `values`; the mean of the two middle ones where their number is even. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** @param share from 0 to 1: 0.99 is the 99th percentile, interpolated between neighbours */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const lower = sorted[below]!;
  const upper = sorted[Math.ceil(place)]!;
  return lower + (upper - lower) * (place - below);
}
