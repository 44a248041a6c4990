// A cluster whose CustomResourceDefinition lacks a field that this package sends: `mcpRevision` of a backend.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Strategy } from '../../../src/reporter/kubernetes/strategy.ts';
import { createSubject, type ReporterTarget, report, type Subject } from './subject.ts';

/** @param target serves a definition without `discoveredBackends[].mcpRevision` */
export function describeOlderDefinition(target: () => ReporterTarget): void {
  describe.each<Strategy>(['apply', 'patch', 'update'])('with strategy %s, a reporter', strategy => {
    let subject: Subject;
    beforeEach(async () => {
      subject = await createSubject(target());
    });
    const withRevision = (backends?: string[]) => {
      const status = report(backends);
      for (const backend of status.discoveredBackends!) backend.mcpRevision = '2025-11-25';
      return status;
    };

    it('reports everything else, says so once, and does not take the missing field for a change', async () => {
      const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
      const r = subject.reporter({ strategy, logger });
      expect((await r.reportStatus(withRevision())).outcome).toBe('applied');
      expect((await subject.get()).status).toMatchObject({ phase: 'Ready', backendCount: 2 });
      expect((await subject.get()).status.discoveredBackends[0]).not.toHaveProperty('mcpRevision');
      expect(await r.reportStatus(withRevision())).toMatchObject({ outcome: 'unchanged', requests: 1 });
      expect(await r.reportStatus(withRevision(['a']))).toMatchObject({ outcome: 'applied', requests: 1 });
      expect(logger.warn.mock.calls).toEqual([
        [expect.stringContaining('CustomResourceDefinition'), { field: 'discoveredBackends.mcpRevision' }],
      ]);
    });

    it('tries the field again after an hour', async () => {
      const r = subject.reporter({ strategy });
      await r.reportStatus(withRevision());
      subject.clock.now += 3_600_000;
      subject.exchanges.length = 0;
      expect((await r.reportStatus(withRevision())).outcome).not.toBe('partial');
      const tried = subject.exchanges.filter(
        ({ method, body }) => method !== 'GET' && JSON.stringify(body).includes('mcpRevision'),
      );
      expect(tried).toHaveLength(1);
      expect((await r.reportStatus(withRevision())).outcome).toBe('unchanged');
    });
  });
}
