import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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

describe('readStatus', () => {
  it('says of each report what parseStatus says, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(body, { maxLength: 8 }), bodies => {
        let before: Status | undefined;
        for (const body of bodies) {
          const read = () => (before = readStatus(body, before?.discoveredBackends));
          expect(outcome(read)).toStrictEqual(outcome(() => parseStatus(body)));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('trusts no list that was not read here', () => {
    const before = [{ name: 'a', url: undefined }] as unknown as readonly DiscoveredBackend[];
    const body = { phase: 'Ready', discoveredBackends: [{ name: 'a', staus: 'ready' }] };
    expect(outcome(() => readStatus(body, before))).toMatchObject([
      { path: ['discoveredBackends', 0, 'staus'] },
    ]);
  });

  it('keeps a zero that was not said before', () => {
    const report = (backend: object) => ({ phase: 'Ready', discoveredBackends: [{ name: 'a', ...backend }] });
    const { discoveredBackends } = readStatus(report({}), undefined);
    expect(readStatus(report({ consecutiveFailures: 0 }), discoveredBackends)).toStrictEqual(
      report({ consecutiveFailures: 0 }),
    );
  });

  it('gives back the very backends of the report before where they did not change', () => {
    const report = (message: string) => ({
      phase: 'Ready',
      discoveredBackends: [
        { name: 'b', url: 'https://b.example', status: 'ready' },
        { name: 'a', url: 'https://a.example', status: 'ready', message },
      ],
    });
    const before = readStatus(report('one'), undefined);
    const after = readStatus(report('two'), before.discoveredBackends);
    expect(after.discoveredBackends![0]).toBe(before.discoveredBackends![0]);
    expect(after.discoveredBackends![1]).toMatchObject({ name: 'a', message: 'two' });
    expect(before.discoveredBackends![1]).toMatchObject({ message: 'one' });
  });
});
