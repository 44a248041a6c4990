// A cluster that serves the resource only in the deprecated version.
import { describe, expect, it } from 'vitest';
import { createSubject, type ReporterTarget, report } from './subject.ts';

/** @param target serves `v1alpha1` alone */
export function describeV1alpha1Only(target: () => ReporterTarget): void {
  describe('a reporter', () => {
    it('finds the version that is served, uses it from then on, and never mixes the two', async () => {
      const subject = await createSubject(target(), { version: 'v1alpha1' });
      const r = subject.reporter();
      expect((await r.reportStatus(report())).outcome).toBe('applied');
      expect((await r.reportStatus(report())).outcome).toBe('unchanged');
      expect((await r.reportStatus(report(['a']))).outcome).toBe('applied');
      const object = await subject.get();
      expect(object.status).toMatchObject({ phase: 'Ready', backendCount: 1 });

      const [first, ...later] = subject.exchanges.map(({ path }) => path);
      expect(first).toContain('/v1beta1/');
      expect(later[0]).toBe('/apis/toolhive.stacklok.dev');
      for (const path of later.slice(1)) expect(path).toContain('/v1alpha1/');
      const applied = object.metadata.managedFields.filter(
        ({ manager }: any) => manager === 'vmcp-status-reporter',
      );
      expect(applied.map(({ apiVersion }: any) => apiVersion)).toEqual(['toolhive.stacklok.dev/v1alpha1']);
    });
  });
}
