import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidStatusError } from '../../src/errors.ts';
import { canonicalStatus } from '../../src/status/canonical.ts';
import { parseStatus } from '../../src/status/parse.ts';
import { createReportReader, settle } from '../../src/status/reading.ts';
import schema from '../../src/status/schema.json' with { type: 'json' };
import type { DiscoveredBackend, Status } from '../../src/status/types.ts';

const afresh = (report: Status) => canonicalStatus(parseStatus(report));
const backend = (name: string, more: object = {}): DiscoveredBackend => ({ name, status: 'ready', ...more });
const report = (...discoveredBackends: DiscoveredBackend[]): Status => ({
  phase: 'Ready',
  discoveredBackends,
});
const faultsOf = (read: (report: Status) => unknown, status: unknown) => {
  try {
    return read(status as Status);
  } catch (error) {
    if (!(error instanceof InvalidStatusError)) throw error;
    return error.issues;
  }
};

/** The report with the very backends of the one before where they say the same. */
const sharing = (report: Status, before: Status | undefined): Status => ({
  ...report,
  ...(report.discoveredBackends && {
    discoveredBackends: report.discoveredBackends.map(
      backend =>
        before?.discoveredBackends?.find(other => JSON.stringify(other) === JSON.stringify(backend)) ??
        backend,
    ),
  }),
});

describe('a reader of reports', () => {
  const value = fc.constantFrom<unknown>(
    ...['', 'ready', 'closed', 0, 1, 2, -1, null, undefined, '2026-01-02T03:04:05Z'],
    ...['2026-01-02T03:04:05.5+01:00', new Date(0), new Date(1_700_000_000_000)],
  );
  const member = fc.constantFrom(
    ...['url', 'status', 'message', 'lastHealthCheck', 'circuitBreakerState', 'consecutiveFailures', 'other'],
  );
  const anyBackend = fc
    .tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.array(fc.tuple(member, value), { maxLength: 3 }))
    .map(([name, members]) => ({ name, ...Object.fromEntries(members) }));
  const anyReport = fc.record({
    phase: fc.constantFrom('Ready', 'Failed', 'Odd'),
    discoveredBackends: fc.option(fc.array(anyBackend, { maxLength: 4 }), { nil: undefined }),
  });

  it('makes of each of a series what it would make of it alone, faults and their places included', () => {
    fc.assert(
      fc.property(fc.array(anyReport, { maxLength: 8 }), series => {
        const read = createReportReader();
        for (const one of series) expect(faultsOf(read, one)).toEqual(faultsOf(afresh, one));
      }),
      { numRuns: 500 },
    );
  });

  it('hands on the same backends while they say the same, and the same list while all do', () => {
    const read = createReportReader();
    const first = read(report(backend('b'), backend('a'), backend('c')));
    const second = read(report(backend('b'), backend('a'), backend('c')));
    expect(second.discoveredBackends).toBe(first.discoveredBackends);
    const third = read(report(backend('b'), backend('a', { message: 'slow' }), backend('c')));
    expect(third.discoveredBackends.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(third.discoveredBackends[0]).toEqual({ name: 'a', status: 'ready', message: 'slow' });
    expect(third.discoveredBackends[1]).toBe(first.discoveredBackends[1]);
  });

  it('does so for settled reports too, in between others', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyReport, fc.boolean()), { maxLength: 8 }), series => {
        const read = createReportReader();
        let before: Status | undefined;
        for (const [one, settles] of series) {
          const faults = faultsOf(parseStatus, one);
          const fine = !Array.isArray(faults);
          const given = settles && fine ? settle(sharing(faults as Status, before)) : (one as Status);
          if (fine) before = given;
          expect(faultsOf(read, given)).toEqual(faultsOf(afresh, one));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('neither checks a settled report again, nor compares what it shares with the one before', () => {
    const read = createReportReader();
    const first = settle(report(backend('a'), backend('b')));
    const [a, b] = read(first).discoveredBackends;
    const changed = { ...report(first.discoveredBackends![0]!, backend('b', { odd: 1 })), phase: 'Odd' };
    // What is settled is trusted: it would be found in anything else.
    first.discoveredBackends![0]!.url = 'https://other.example';
    const second = read(settle(changed as unknown as Status));
    expect(second.phase).toBe('Odd');
    expect(second.discoveredBackends[0]).toBe(a);
    expect(second.discoveredBackends[1]).not.toBe(b);
  });

  it('sees what a caller changed in the very object of the report before', () => {
    const read = createReportReader();
    const mine = backend('a');
    read(report(mine));
    mine.status = 'unavailable';
    expect(read(report(mine)).discoveredBackends).toEqual([{ name: 'a', status: 'unavailable' }]);
    mine.status = 'ready';
    expect(read(settle(report(mine))).discoveredBackends).toEqual([{ name: 'a', status: 'ready' }]);
  });

  const values: Record<string, [unknown, unknown]> = {
    circuitBreakerState: ['open', 'closed'],
    consecutiveFailures: [1, 2],
    lastHealthCheck: ['2026-01-02T03:04:05Z', '2026-01-02T03:04:06Z'],
    circuitLastChanged: ['2026-01-02T03:04:05Z', '2026-01-02T03:04:06Z'],
  };
  const others = Object.keys(schema.status.properties.discoveredBackends.items.properties).filter(
    name => name !== 'name',
  );
  it.each(others)('sees another %s', name => {
    const read = createReportReader();
    const [one, other] = values[name] ?? ['one', 'other'];
    read(report(backend('a', { [name]: one })));
    const [seen] = read(report(backend('a', { [name]: other }))).discoveredBackends;
    expect(seen).toMatchObject({ name: 'a', [name]: other });
  });

  it('sees what a backend no longer says', () => {
    const read = createReportReader();
    read(report(backend('a', { message: 'slow' })));
    expect(read(report(backend('a'))).discoveredBackends).toEqual([{ name: 'a', status: 'ready' }]);
  });

  it('takes no consecutive failures for what the report before left out', () => {
    const read = createReportReader();
    const first = read(report(backend('a', { consecutiveFailures: 0 })));
    const again = read(report(backend('a', { consecutiveFailures: 0 })));
    expect(again.discoveredBackends).toBe(first.discoveredBackends);
  });

  it('names a fault by its place in the whole report', () => {
    const read = createReportReader();
    read(report(backend('a'), backend('b')));
    const faulty = report(backend('a'), backend('b', { circuitBreakerState: 'ajar' }));
    expect(faultsOf(read, faulty)).toMatchObject([
      { path: ['discoveredBackends', 1, 'circuitBreakerState'] },
    ]);
  });
});
