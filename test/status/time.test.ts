import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, isRfc3339, toRfc3339 } from '../../src/status/time.ts';

describe('isRfc3339', () => {
  it.each([
    '2026-01-02T03:04:05Z',
    '2026-01-02T03:04:05.123456789Z',
    '2026-01-02T03:04:05+05:30',
    '2026-01-02T03:04:05.1-23:59',
    '2024-02-29T00:00:00Z',
    '2000-02-29T23:59:59Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
  ])('takes %s', text => expect(isRfc3339(text)).toBe(true));

  it.each([
    '',
    '2026-01-02',
    '2026-01-02 03:04:05Z',
    '2026-01-02T03:04:05',
    '2026-01-02t03:04:05z',
    '2026-01-02T03:04Z',
    '2026-01-02T3:04:05Z',
    '2026-01-02T03:04:05,5Z',
    '2026-01-02T03:04:05.Z',
    '2026-01-02T24:00:00Z',
    '2026-01-02T03:60:00Z',
    '2026-01-02T03:04:60Z',
    '2026-01-02T03:04:05+24:00',
    '2026-01-02T03:04:05+0530',
    '2026-00-02T03:04:05Z',
    '2026-13-02T03:04:05Z',
    '2026-01-00T03:04:05Z',
    '2026-01-32T03:04:05Z',
    '2026-02-30T03:04:05Z',
    '2026-04-31T03:04:05Z',
    '2026-02-29T03:04:05Z',
    '1900-02-29T03:04:05Z',
    '0000-12-31T23:59:59Z',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '+12026-01-02T03:04:05Z',
    '2026-01-02T03:04:05Z\n',
  ])('refuses %j', text => expect(isRfc3339(text)).toBe(false));
});

describe('toRfc3339', () => {
  it.each([
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'],
    ['2026-01-02T03:04:05.999999999Z', '2026-01-02T03:04:05Z'],
    ['2026-01-02T03:04:05.999999999+01:00', '2026-01-02T02:04:05Z'],
    ['1969-12-31T23:59:59.9-00:30', '1970-01-01T00:29:59Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
  ])('writes %s as %s', (text, expected) => expect(toRfc3339(text)).toBe(expected));

  it('cuts a Date off at the second, before 1970 too', () => {
    expect(toRfc3339(new Date('2026-01-02T03:04:05.999Z'))).toBe('2026-01-02T03:04:05Z');
    expect(toRfc3339(new Date('1969-12-31T23:59:58.001Z'))).toBe('1969-12-31T23:59:58Z');
  });

  it('is the same moment to the second, and done once is done for good', () => {
    const date = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, time => {
        const text = toRfc3339(time);
        expect(isRfc3339(text)).toBe(true);
        expect(instant(text)).toBe(Math.floor(time.getTime() / 1000) * 1000);
        expect(toRfc3339(text)).toBe(text);
      }),
    );
  });
});
