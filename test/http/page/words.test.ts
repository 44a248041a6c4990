import { describe, expect, it } from 'vitest';
import { formatDuration, formatLatency } from '../../../src/http/page/age.tsx';
import { summarise } from '../../../src/http/page/overview.tsx';
import { script } from '../../../src/http/page/script.ts';
import { segmentsOf } from '../../../src/http/page/timeline.tsx';
import type { Phase } from '../../../src/status/types.ts';
import { samples } from '../../page/samples.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString();

it.each([
  [-5_000, '0 s'],
  [999, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_599_999, '59 min'],
  [3_600_000, '1 h'],
  [172_799_999, '47 h'],
  [172_800_000, '2 d'],
])('%i ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

it.each([
  [0.4, '0 ms'],
  [42, '42 ms'],
  [1_240, '1.2 s'],
  [61_000, '1 min'],
])('a delivery of %i ms took %s', (ms, text) => {
  expect(formatLatency(ms)).toBe(text);
});

describe('the headline', () => {
  const [, ready] = samples(now);
  const headline = (...phases: Phase[]) =>
    summarise(
      phases.map(phase => ({ ...ready!, status: { ...ready!.status, phase } })),
      now,
    );

  it.each<[Phase[], string, string]>([
    [[], 'wait', 'Nothing has been reported yet'],
    [['Ready'], 'ok', 'The server is ready'],
    [['Ready', 'Ready'], 'ok', 'All 2 servers are ready'],
    [['Failed'], 'bad', 'The server needs attention'],
    [['Ready', 'Degraded', 'Pending'], 'warn', '1 of 3 servers needs attention'],
    [['Ready', 'Degraded', 'Failed'], 'bad', '2 of 3 servers need attention'],
    [['Pending'], 'wait', 'The server is still starting'],
    [['Pending', 'Ready'], 'wait', '1 of 2 servers is still starting'],
  ])('of %j is %s: %s', (phases, mark, text) => {
    expect(headline(...phases)).toEqual({ mark, text });
  });
});

describe('the bar of a timeline', () => {
  it('spans what is known, in round numbers', () => {
    const spans = [0, 4, 12, 59, 61, 1400, 9000].map(
      age => segmentsOf([{ phase: 'Ready', at: ago(age) }], now).span / 60_000,
    );
    expect(spans).toEqual([5, 5, 15, 60, 360, 1440, 1440]);
  });

  it('shows each phase for as long as it lasted', () => {
    const { segments } = segmentsOf(
      [
        { phase: 'Pending', at: ago(60) },
        { phase: 'Ready', at: ago(30) },
        { phase: 'Failed', at: ago(15) },
      ],
      now,
    );
    expect(segments).toEqual([
      { phase: 'Pending', x: 0, width: 500 },
      { phase: 'Ready', x: 500, width: 250 },
      { phase: 'Failed', x: 750, width: 250 },
    ]);
  });

  it('cuts off what is too old, and keeps what is too short to be seen', () => {
    const { segments } = segmentsOf(
      [
        { phase: 'Pending', at: ago(9000) },
        { phase: 'Ready', at: ago(8000) },
        { phase: 'Failed', at: ago(0) },
      ],
      now,
    );
    expect(segments).toEqual([
      { phase: 'Ready', x: 0, width: 1000 },
      { phase: 'Failed', x: 994, width: 6 },
    ]);
  });
});

it('the script is whole, and ages grow by the same rule in it', () => {
  expect(() => new Function(script)).not.toThrow();
  expect(script).toContain('172800');
  expect(script).not.toContain('</script');
});
