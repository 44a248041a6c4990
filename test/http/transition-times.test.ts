import { describe, expect, it } from 'vitest';
import { keepTransitionTimes } from '../../src/http/transition-times.ts';
import type { ConditionStatus, Status } from '../../src/status/types.ts';

const first = '2026-11-22T10:00:00Z';
const later = '2026-11-22T10:05:00Z';

function report(status: ConditionStatus, lastTransitionTime?: string): Status {
  const condition = { type: 'Ready', status, reason: 'Reason', message: '' };
  return {
    phase: 'Ready',
    conditions: [{ ...condition, ...(lastTransitionTime && { lastTransitionTime }) }],
  };
}

function time(status: Status): unknown {
  return status.conditions?.[0]?.lastTransitionTime;
}

describe('when a condition last flipped', () => {
  it('stays while its status stays, whatever the report says', () => {
    expect(time(keepTransitionTimes(report('True', later), report('True', first), later))).toBe(first);
  });

  it('moves with its status', () => {
    expect(time(keepTransitionTimes(report('False', later), report('True', first), later))).toBe(later);
  });

  it('is the moment of the report where nobody says', () => {
    expect(time(keepTransitionTimes(report('False'), report('True', first), later))).toBe(later);
    expect(time(keepTransitionTimes(report('True'), undefined, first))).toBe(first);
    expect(time(keepTransitionTimes(report('True'), { phase: 'Ready' }, first))).toBe(first);
  });

  it('leaves a report without conditions as it is', () => {
    const status: Status = { phase: 'Pending' };
    expect(keepTransitionTimes(status, report('True', first), later)).toBe(status);
  });
});
