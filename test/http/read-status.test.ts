import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { readStatus } from '../../src/http/read-status.ts';
import { parseStatus } from '../../src/status/parse.ts';
import type { DiscoveredBackend, Status } from '../../src/status/types.ts';

const backend = fc.record(
  {
    name: fc.constantFrom('a', 'b', 'c'),
    url: fc.constantFrom('https://a.example', 'https://b.example'),
    status: fc.constantFrom('ready', 'degraded', 'wrong'),
    consecutiveFailures: fc.constantFrom(0, 1, 2, -1),
    message: fc.constantFrom('', 'fine', null),
    lastHealthCheck: fc.constantFrom('2026-01-02T03:04:05Z', 'soon'),
    unknown: fc.constant(true),
  },
  { requiredKeys: ['name', 'url', 'status'] },
);
const body = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      phase: fc.constant('Ready'),
      discoveredBackends: fc.array(backend, { maxLength: 3 }),
    }),
  },
  fc.constantFrom(null, 1, [], {}, { phase: 'Ready' }, { phase: 'Ready', discoveredBackends: 'none' }),
);

function outcome(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return (error as { issues?: unknown }).issues ?? error;
  }
}

/** Backends that stay as they are, so that the list is a long one. */
const others = Array.from({ length: 15 }, (_, index) => ({ name: `other-${index}`, status: 'ready' }));

/** What a report is read to after the one before. */
const readAfter = (body: unknown, before?: Status) => readStatus(body, () => before?.discoveredBackends);

describe('readStatus', () => {
  it('says of each report what parseStatus says, whatever came before', () => {
    const long = body.map(body => {
      const { discoveredBackends } = (body ?? {}) as { discoveredBackends?: unknown };
      return Array.isArray(discoveredBackends)
        ? { ...(body as object), discoveredBackends: [...others, ...discoveredBackends] }
        : body;
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(body, long), { maxLength: 8 }), bodies => {
        let before: Status | undefined;
        for (const body of bodies) {
          const read = () => (before = readAfter(body, before));
          expect(outcome(read)).toStrictEqual(outcome(() => parseStatus(body)));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('trusts no list that was not read here', () => {
    const before = [...others, { name: 'a', url: undefined }] as unknown as readonly DiscoveredBackend[];
    const body = { phase: 'Ready', discoveredBackends: [...others, { name: 'a', staus: 'ready' }] };
    expect(outcome(() => readStatus(body, () => before))).toMatchObject([
      { path: ['discoveredBackends', 15, 'staus'] },
    ]);
  });

  it('keeps a zero that was not said before', () => {
    const report = (backend: object) => ({
      phase: 'Ready',
      discoveredBackends: [...others, { name: 'a', ...backend }],
    });
    const zero = report({ consecutiveFailures: 0 });
    expect(readAfter(zero, readAfter(report({})))).toStrictEqual(zero);
  });

  it('gives back the very backends of the report before where they did not change', () => {
    const report = (message: string) => ({
      phase: 'Ready',
      discoveredBackends: [...others, { name: 'a', url: 'https://a.example', status: 'ready', message }],
    });
    const one = readAfter(report('one'));
    const two = readAfter(report('two'), one);
    expect(two.discoveredBackends![0]).toBe(one.discoveredBackends![0]);
    expect(two.discoveredBackends![15]).toMatchObject({ name: 'a', message: 'two' });
    expect(one.discoveredBackends![15]).toMatchObject({ message: 'one' });
  });

  it('does not ask for the report before where this one is small', () => {
    const asked = vi.fn();
    readStatus({ phase: 'Ready', discoveredBackends: others }, asked);
    expect(asked).not.toHaveBeenCalled();
    readStatus({ phase: 'Ready', discoveredBackends: [...others, { name: 'a' }] }, asked);
    expect(asked).toHaveBeenCalledOnce();
  });
});
