import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalStatus } from '../../src/status/canonical.ts';
import { desiredStatus, ownedConditions } from '../../src/status/desired.ts';
import { diffStatus, type Scope } from '../../src/status/diff.ts';
import type { DesiredStatus, StatusDocument } from '../../src/status/document.ts';
import { ownership } from '../../src/status/ownership.ts';
import { applyOperations } from '../../src/status/patch.ts';
import type { Status } from '../../src/status/types.ts';
import { anyLive, anyReport } from './arbitraries.ts';

const owned = ownership();
const now = '2026-01-02T03:04:05Z';

function plan(report: Status, live: StatusDocument | undefined): { desired: DesiredStatus; scope: Scope } {
  const canonical = canonicalStatus(report);
  return {
    desired: desiredStatus(canonical, live ?? {}, { generation: 3, owned, now: () => now }),
    scope: { fields: owned.fields, conditions: ownedConditions(canonical, owned, []) },
  };
}

const all: Scope = { fields: owned.fields, conditions: new Set(['Ready', 'BackendsDiscovered', 'Degraded']) };

describe('the difference between a live and a desired status', () => {
  it('closes it: after its operations there is none', () => {
    fc.assert(
      fc.property(anyReport, fc.option(anyLive, { nil: undefined }), (report, live) => {
        const { desired, scope } = plan(report, live);
        const after = applyOperations(live, diffStatus(live, desired, scope).operations);
        expect(diffStatus(after, desired, scope).operations).toEqual([]);
      }),
    );
  });

  it('leaves everything that is not owned as it was', () => {
    fc.assert(
      fc.property(anyReport, anyLive, (report, live) => {
        const { desired, scope } = plan(report, live);
        const after = applyOperations(live, diffStatus(live, desired, scope).operations);
        expect(after['url']).toEqual(live['url']);
        expect(after['oidcConfigHash']).toEqual(live['oidcConfigHash']);
        for (const condition of live.conditions ?? []) {
          if (!scope.conditions.has(condition['type'] as string))
            expect(after.conditions).toContainEqual(condition);
        }
      }),
    );
  });

  it('does not change the status it was given', () => {
    fc.assert(
      fc.property(anyReport, anyLive, (report, live) => {
        const before = structuredClone(live);
        const { desired, scope } = plan(report, live);
        applyOperations(live, diffStatus(live, desired, scope).operations);
        expect(live).toEqual(before);
      }),
    );
  });

  it('keeps a sorted list of backends sorted', () => {
    fc.assert(
      fc.property(anyReport, anyReport, (first, second) => {
        const live = plan(first, undefined).desired;
        const { desired, scope } = plan(second, live);
        const after = applyOperations(live, diffStatus(live, desired, scope).operations);
        const names = (after.discoveredBackends ?? []).map(({ name }) => name as string);
        expect(names).toEqual([...names].sort());
      }),
    );
  });

  it('adds the whole status where there is none', () => {
    expect(diffStatus(undefined, { phase: 'Ready', message: '' }, all).operations).toEqual([
      { op: 'add', path: '/status', value: { phase: 'Ready', message: '' } },
    ]);
  });

  it.each([
    ['an absent count and zero', { backendCount: 0 }, {}],
    ['an absent list and an empty one', { discoveredBackends: [] }, {}],
    ['an absent message and an empty one', {}, { message: '' }],
    [
      'a zero time of Go and none',
      { discoveredBackends: [{ name: 'a', lastHealthCheck: null }] },
      { discoveredBackends: [{ name: 'a' }] },
    ],
    [
      'one instant in two time zones',
      { discoveredBackends: [{ name: 'a', circuitLastChanged: '2026-01-02T05:04:05+02:00' }] },
      { discoveredBackends: [{ name: 'a', circuitLastChanged: now }] },
    ],
  ])('sees none between %s', (_, live, desired) => {
    expect(diffStatus(live as StatusDocument, desired as DesiredStatus, all).operations).toEqual([]);
  });

  it('is only a heartbeat when nothing but the time of the last check moved', () => {
    const live = {
      phase: 'Ready',
      discoveredBackends: [{ name: 'a', lastHealthCheck: '2026-01-01T00:00:00Z' }],
    };
    const later: DesiredStatus = {
      phase: 'Ready',
      discoveredBackends: [{ name: 'a', lastHealthCheck: now }],
    };
    expect(diffStatus(live, later, all)).toEqual({
      operations: [{ op: 'replace', path: '/status/discoveredBackends/0/lastHealthCheck', value: now }],
      onlyHeartbeat: true,
    });
    expect(diffStatus(live, { ...later, phase: 'Failed' }, all).onlyHeartbeat).toBe(false);
    const failing = { discoveredBackends: [{ name: 'a', lastHealthCheck: now, consecutiveFailures: 1 }] };
    expect(diffStatus(live, { phase: 'Ready', ...failing }, all).onlyHeartbeat).toBe(false);
  });

  it('finds leaves inside a backend that nobody wants any more', () => {
    const live = { discoveredBackends: [{ name: 'a', circuitBreakerState: 'open', futureField: 'x' }] };
    expect(diffStatus(live, { discoveredBackends: [{ name: 'a' }] }, all).operations).toEqual([
      { op: 'remove', path: '/status/discoveredBackends/0/circuitBreakerState' },
      { op: 'remove', path: '/status/discoveredBackends/0/futureField' },
    ]);
  });

  it('removes items from the end, so that each index still holds', () => {
    const live = { discoveredBackends: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] };
    expect(diffStatus(live, { discoveredBackends: [{ name: 'b' }] }, all).operations).toEqual([
      { op: 'remove', path: '/status/discoveredBackends/2' },
      { op: 'remove', path: '/status/discoveredBackends/0' },
    ]);
  });
});
