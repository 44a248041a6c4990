import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalStatus } from '../../src/status/canonical.ts';
import { desiredStatus, ownedConditions } from '../../src/status/desired.ts';
import type { StatusDocument } from '../../src/status/document.ts';
import { leaveOut } from '../../src/status/leaving-out.ts';
import { type Owns, ownership } from '../../src/status/ownership.ts';
import type { Condition, Status } from '../../src/status/types.ts';
import { yieldTo } from '../../src/status/yielding.ts';
import { anyLive, anyReport } from './arbitraries.ts';

const now = '2026-01-02T03:04:05Z';

function desired(
  report: Status,
  live: StatusDocument = {},
  {
    owns,
    ...context
  }: {
    owns?: Owns;
    generation?: number;
  } = {},
) {
  return desiredStatus(canonicalStatus(report), live, {
    generation: 1,
    owned: ownership(owns),
    now: () => now,
    ...context,
  });
}

const ready = (status: Condition['status'], lastTransitionTime?: string): Condition => ({
  type: 'Ready',
  status,
  reason: 'AllGood',
  message: '',
  ...(lastTransitionTime && { lastTransitionTime }),
});

describe('a desired status', () => {
  it('is what a Go program writes back after reading it', () => {
    fc.assert(
      fc.property(anyReport, report => {
        const sent = desired(report, {}, { generation: 3 });
        expect(goRoundTrip(sent)).toEqual(sent);
      }),
    );
  });

  it('holds phase and message even where they are empty, and no timestamp', () => {
    expect(desired({ phase: 'Pending', timestamp: new Date(0) })).toEqual({
      phase: 'Pending',
      message: '',
      observedGeneration: 1,
    });
  });

  it('sorts backends by name and leaves out what is zero', () => {
    const { discoveredBackends } = desired({
      phase: 'Ready',
      discoveredBackends: [
        { name: 'b', url: '', consecutiveFailures: 0 },
        { name: 'a', message: 'm' },
      ],
    });
    expect(discoveredBackends).toEqual([{ name: 'a', message: 'm' }, { name: 'b' }]);
  });

  it("takes Go's zero time for none", () => {
    const zero = '0001-01-01T00:00:00Z';
    const backend = { name: 'a', lastHealthCheck: zero, circuitLastChanged: new Date(zero) };
    const status = desired({
      phase: 'Ready',
      discoveredBackends: [backend],
      conditions: [ready('True', zero)],
    });
    expect(status.discoveredBackends).toEqual([{ name: 'a' }]);
    expect(status.conditions?.[0]?.lastTransitionTime).toBe(now);
  });

  it('writes times in UTC and whole seconds', () => {
    const { discoveredBackends } = desired({
      phase: 'Ready',
      discoveredBackends: [{ name: 'a', lastHealthCheck: '2026-01-02T05:04:05.999+02:00' }],
    });
    expect(discoveredBackends?.[0]?.lastHealthCheck).toBe(now);
  });
});

describe("a condition's lastTransitionTime", () => {
  const before = {
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2020-01-01T00:00:00Z' }],
  };

  it('stays while the status stays, whatever the report says', () => {
    const { conditions } = desired(
      { phase: 'Ready', conditions: [ready('True', '2025-05-05T05:05:05Z')] },
      before,
    );
    expect(conditions?.[0]?.lastTransitionTime).toBe('2020-01-01T00:00:00Z');
  });

  it("moves to the report's own when the status flips", () => {
    const { conditions } = desired(
      { phase: 'Failed', conditions: [ready('False', '2025-05-05T05:05:05Z')] },
      before,
    );
    expect(conditions?.[0]?.lastTransitionTime).toBe('2025-05-05T05:05:05Z');
  });

  it('moves to now when the report has none', () => {
    const { conditions } = desired({ phase: 'Failed', conditions: [ready('False')] }, before);
    expect(conditions?.[0]?.lastTransitionTime).toBe(now);
  });

  it('is now for a condition that is new', () => {
    expect(desired({ phase: 'Ready', conditions: [ready('True')] }).conditions?.[0]?.lastTransitionTime).toBe(
      now,
    );
  });
});

describe('merging conditions', () => {
  it('does what meta.SetStatusCondition does, for any report on any status', () => {
    fc.assert(
      fc.property(anyReport, anyLive, (report, live) => {
        const merged = desired(report, live).conditions ?? [];
        expect(merged).toEqual(
          (report.conditions ?? []).map(condition => setStatusCondition(live, condition)),
        );
      }),
    );
  });
});

describe('observedGeneration', () => {
  it.each([
    ['the generation of the object, where none is given', undefined, undefined, 7, 7],
    ["the caller's, where given", 5, undefined, 7, 5],
    ['never beyond the generation that exists', 9, undefined, 7, 7],
    ['never below what is published', 5, 6, 7, 6],
    ['left out where there is none at all', undefined, undefined, 0, undefined],
  ])('is %s', (_, given, published, generation, expected) => {
    const report: Status = { phase: 'Ready', ...(given !== undefined && { observedGeneration: given }) };
    const live = published === undefined ? {} : { observedGeneration: published };
    expect(desired(report, live, { generation }).observedGeneration).toBe(expected);
  });
});

describe('what is not owned', () => {
  const report: Status = {
    phase: 'Ready',
    message: 'm',
    backendCount: 1,
    conditions: [ready('True')],
    discoveredBackends: [{ name: 'a' }],
  };

  it('is left out, field by field', () => {
    const owns = {
      phase: false,
      message: false,
      backendCount: false,
      observedGeneration: false,
      discoveredBackends: false,
    };
    expect(Object.keys(desired(report, {}, { owns }))).toEqual(['conditions']);
    expect(desired(report, {}, { owns: { conditions: false } }).conditions).toBeUndefined();
    expect(desired(report, {}, { owns: { conditions: ['Degraded'] } }).conditions).toBeUndefined();
  });

  it('holds for conditions: two types always, others while a report carries them', () => {
    const types = (report: Status, owns?: Owns, carried: string[] = []) =>
      [...ownedConditions(canonicalStatus(report), ownership(owns), carried)].sort();
    expect(types({ phase: 'Ready' })).toEqual(['BackendsDiscovered', 'Degraded']);
    expect(types(report)).toEqual(['BackendsDiscovered', 'Degraded', 'Ready']);
    expect(types({ phase: 'Ready' }, undefined, ['Ready'])).toEqual([
      'BackendsDiscovered',
      'Degraded',
      'Ready',
    ]);
    expect(types(report, { conditions: ['Degraded'] }, ['Ready'])).toEqual(['Degraded']);
    expect(types(report, { conditions: false })).toEqual([]);
  });
});

describe('fields that the CRD lacks', () => {
  it('are left out of every item', () => {
    const report: Status = {
      phase: 'Ready',
      discoveredBackends: [
        { name: 'a', mcpRevision: 'r', url: 'u' },
        { name: 'b', mcpRevision: 'r' },
      ],
    };
    const whole = desired({ ...report, backendCount: 2 });
    expect(leaveOut(whole, ['discoveredBackends.mcpRevision', 'backendCount', 'conditions.type'])).toEqual({
      phase: 'Ready',
      message: '',
      observedGeneration: 1,
      discoveredBackends: [{ name: 'a', url: 'u' }, { name: 'b' }],
    });
  });
});

describe('what is yielded to another writer', () => {
  it('keeps the live value', () => {
    const live = {
      phase: 'Failed',
      conditions: [
        { type: 'Ready', status: 'False', lastTransitionTime: now, reason: 'Operator', message: '' },
      ],
    };
    const yielded = new Set(['phase', 'conditions/Ready', 'message']);
    const wanted = desired({ phase: 'Ready', message: 'mine', conditions: [ready('True')] }, live);
    const out = yieldTo(live, wanted, yielded);
    expect(out).toEqual({ phase: 'Failed', observedGeneration: 1, conditions: live.conditions });
  });
});

/** What `json.Unmarshal` into the operator's structs and `json.Marshal` back make of a status: a model of the Go types. */
function goRoundTrip(status: object): object {
  const time = (value: unknown) =>
    value === undefined ? undefined : `${new Date(value as string).toISOString().slice(0, 19)}Z`;
  const omitempty = (object: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(object).filter(
        ([, value]) =>
          !(
            value === undefined ||
            value === '' ||
            value === 0 ||
            (Array.isArray(value) && value.length === 0)
          ),
      ),
    );
  const { message, conditions, discoveredBackends, ...rest } = status as Record<string, any>;
  return {
    ...omitempty({
      ...rest,
      conditions: conditions?.map(({ observedGeneration, ...condition }: any) => ({
        ...omitempty({ observedGeneration }),
        ...condition,
        lastTransitionTime: time(condition.lastTransitionTime),
      })),
      discoveredBackends: discoveredBackends?.map(({ name, ...backend }: any) => ({
        name,
        ...omitempty({
          ...backend,
          lastHealthCheck: time(backend.lastHealthCheck),
          circuitLastChanged: time(backend.circuitLastChanged),
        }),
      })),
    }),
    // Go leaves an empty message out, and absent equals empty: the one field that we always apply.
    message: message ?? '',
  };
}

/** `meta.SetStatusCondition` for one condition: a model of the Go function. */
function setStatusCondition(live: StatusDocument, condition: Condition): object {
  const { observedGeneration, lastTransitionTime, ...rest } = condition;
  const existing = live.conditions?.find(({ type }) => type === condition.type);
  const flipped = existing?.['status'] !== condition.status;
  const own =
    lastTransitionTime === undefined ? now : `${new Date(lastTransitionTime).toISOString().slice(0, 19)}Z`;
  return {
    ...rest,
    ...(observedGeneration && { observedGeneration }),
    lastTransitionTime: flipped ? own : existing?.['lastTransitionTime'],
  };
}
