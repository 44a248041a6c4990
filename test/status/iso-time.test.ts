import { describe, expect, it } from 'vitest';
import { isoTime } from '../../src/status/iso-time.ts';

describe('a moment as text', () => {
  it.each([
    0, 1, 999, 1000, 1001, 1_795_363_200_010, 1_795_363_200_010, 1_795_363_200_100, 1_795_363_259_999,
    1_795_363_200_000.7, -1, -62_198_755_200_001, 253_402_300_800_000,
  ])('is what a Date makes of it: %d', moment => {
    expect(isoTime(moment)).toBe(new Date(moment).toISOString());
  });

  it('is none of what is no moment', () => {
    expect(() => isoTime(Number.NaN)).toThrow(RangeError);
    expect(() => isoTime(9e15)).toThrow(RangeError);
  });
});
