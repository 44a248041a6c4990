// What every strategy promises, whichever way it writes.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Strategy } from '../../../src/reporter/kubernetes/strategy.ts';
import { createSubject, isWrite, type ReporterTarget, report, type Subject } from './subject.ts';

export function describeWriting(target: () => ReporterTarget): void {
  describe.each<Strategy>(['apply', 'patch', 'update'])('with strategy %s, a reporter', strategy => {
    let subject: Subject;
    beforeEach(async () => {
      subject = await createSubject(target());
    });
    const reporter = (options = {}) => subject.reporter({ strategy, ...options });
    const type = (status: any, type: string) => status.conditions?.find((c: any) => c.type === type);

    it('writes a complete report, canonical', async () => {
      const result = await reporter().reportStatus(report(['b', 'a'], { observedGeneration: 1 }));
      const { status, metadata } = await subject.get();
      expect(result).toEqual({
        outcome: 'applied',
        resourceVersion: metadata.resourceVersion,
        generation: 1,
        requests: 2,
        attempts: 1,
      });
      expect(status).toMatchObject({
        phase: 'Ready',
        message: 'All is well',
        backendCount: 2,
        observedGeneration: 1,
        discoveredBackends: [
          { name: 'a', url: 'http://a.test/mcp', status: 'ready', lastHealthCheck: '2026-01-02T03:04:00Z' },
          { name: 'b', url: 'http://b.test/mcp', status: 'ready', lastHealthCheck: '2026-01-02T03:04:00Z' },
        ],
      });
      expect(type(status, 'Ready')).toEqual({
        type: 'Ready',
        status: 'True',
        reason: 'AllBackendsRoutable',
        message: '',
        lastTransitionTime: '2026-01-02T03:04:05Z',
      });
    });

    it('names its field manager and its resourceVersion in every write', async () => {
      const r = reporter({ fieldManager: 'my-gateway' });
      await r.reportStatus(report());
      await r.reportStatus(report(['a']));
      const writes = subject.exchanges.filter(({ method }) => method !== 'GET');
      expect(writes).toHaveLength(2);
      for (const { query, body } of writes) {
        expect(query.get('fieldManager')).toBe('my-gateway');
        expect(body.metadata?.resourceVersion ?? body[0].value).toMatch(/^\d+$/);
      }
    });

    it('asks one small cached read when there is nothing new, and writes nothing', async () => {
      const r = reporter();
      const first = await r.reportStatus(report());
      subject.exchanges.length = 0;
      const second = await r.reportStatus(report());
      expect(second).toEqual({ ...first, outcome: 'unchanged', requests: 1 });
      expect(subject.exchanges).toMatchObject([{ method: 'GET', status: 200 }]);
      expect(subject.exchanges[0]!.query.get('resourceVersion')).toBe(first.resourceVersion);
      expect(subject.exchanges[0]!.received).toBeLessThan(1500);
      expect((await subject.get()).metadata.resourceVersion).toBe(first.resourceVersion);
    });

    it('takes a newer health check for nothing new, until the heartbeat is due', async () => {
      const r = reporter({ heartbeatInterval: 60_000 });
      await r.reportStatus(report());
      const checkedAgain = report();
      for (const backend of checkedAgain.discoveredBackends!)
        backend.lastHealthCheck = '2026-01-02T03:05:00Z';
      expect((await r.reportStatus(checkedAgain)).outcome).toBe('unchanged');
      subject.clock.now += 60_000;
      expect((await r.reportStatus(checkedAgain)).outcome).toBe('applied');
      expect((await subject.get()).status.discoveredBackends[0].lastHealthCheck).toBe('2026-01-02T03:05:00Z');
    });

    it('writes a change in one request', async () => {
      const r = reporter();
      await r.reportStatus(report());
      const changed = report();
      changed.discoveredBackends![1]!.status = 'unavailable';
      expect(await r.reportStatus(changed)).toMatchObject({ outcome: 'applied', requests: 1, attempts: 1 });
      expect((await subject.get()).status.discoveredBackends.map((b: any) => b.status)).toEqual([
        'ready',
        'unavailable',
      ]);
    });

    it('removes backends and adds others in one report', async () => {
      const r = reporter();
      await r.reportStatus(report(['a', 'c', 'e']));
      await r.reportStatus(report(['b', 'c', 'd']));
      const names = (await subject.get()).status.discoveredBackends.map((b: any) => b.name);
      expect(names.sort()).toEqual(['b', 'c', 'd']);
      expect(await r.reportStatus(report([]))).toMatchObject({ outcome: 'applied' });
      const { status } = await subject.get();
      expect(status.discoveredBackends ?? []).toEqual([]);
      expect(status.backendCount ?? 0).toBe(0);
    });

    it('leaves the url, the hashes and the conditions of the operator alone', async () => {
      await subject.operatorPut(status => {
        Object.assign(status, { url: 'http://demo.test', oidcConfigHash: 'h1', authzConfigHash: 'h2' });
        status.conditions = [operatorCondition('Valid'), operatorCondition('AuthConfigured')];
      });
      const r = reporter();
      await r.reportStatus(report());
      await r.reportStatus(report(['a']));
      const { status } = await subject.get();
      expect(status).toMatchObject({ url: 'http://demo.test', oidcConfigHash: 'h1', authzConfigHash: 'h2' });
      expect(type(status, 'Valid')).toEqual(operatorCondition('Valid'));
      expect(type(status, 'AuthConfigured')).toEqual(operatorCondition('AuthConfigured'));
    });

    it('leaves a Ready that only the operator has set', async () => {
      await subject.operatorPut(status => {
        status.conditions = [operatorCondition('Ready')];
      });
      await reporter().reportStatus(report(['a'], { conditions: [] }));
      expect(type((await subject.get()).status, 'Ready')).toEqual(operatorCondition('Ready'));
    });

    it('removes a Ready that it has reported and reports no more', async () => {
      const r = reporter();
      await r.reportStatus(report());
      await r.reportStatus(report(undefined, { conditions: [] }));
      expect((await subject.get()).status.conditions ?? []).toEqual([]);
    });

    it('removes Degraded and BackendsDiscovered whoever left them, when a report has none', async () => {
      await subject.operatorPut(status => {
        status.conditions = [operatorCondition('Degraded'), operatorCondition('BackendsDiscovered')];
      });
      await reporter().reportStatus(report(['a'], { conditions: [] }));
      expect((await subject.get()).status.conditions ?? []).toEqual([]);
    });

    it('moves lastTransitionTime only when the status of a condition flips', async () => {
      const r = reporter();
      await r.reportStatus(report());
      subject.clock.now += 10_000;
      const ready = report().conditions![0]!;
      await r.reportStatus(report(undefined, { conditions: [{ ...ready, reason: 'Other' }] }));
      expect(type((await subject.get()).status, 'Ready')).toMatchObject({
        reason: 'Other',
        lastTransitionTime: '2026-01-02T03:04:05Z',
      });
      await r.reportStatus(report(undefined, { conditions: [{ ...ready, status: 'False' }] }));
      expect(type((await subject.get()).status, 'Ready').lastTransitionTime).toBe('2026-01-02T03:04:15Z');
    });

    it('takes over after a Go-style writer without leaving anything behind, down to the leaf', async () => {
      await subject.operatorPut(status => {
        Object.assign(status, {
          phase: 'Failed',
          message: 'old',
          discoveredBackends: [
            {
              name: 'a',
              url: 'http://a.test/mcp',
              status: 'ready',
              circuitBreakerState: 'open',
              message: 'old',
            },
            { name: 'gone', status: 'ready', lastHealthCheck: null },
          ],
          conditions: [operatorCondition('Degraded'), operatorCondition('Valid')],
        });
      });
      const r = reporter();
      const result = await r.reportStatus(report(['a']));
      expect(result.outcome).toBe('applied');
      const { status, metadata } = await subject.get();
      expect(status.discoveredBackends).toEqual([
        { name: 'a', url: 'http://a.test/mcp', status: 'ready', lastHealthCheck: '2026-01-02T03:04:00Z' },
      ]);
      expect(status.conditions.map((c: any) => c.type).sort()).toEqual([
        'BackendsDiscovered',
        'Ready',
        'Valid',
      ]);
      expect(result.resourceVersion).toBe(metadata.resourceVersion);
      expect(await r.reportStatus(report(['a']))).toMatchObject({ outcome: 'unchanged', requests: 1 });
    });

    it('leaves nothing behind that another writer came to hold in between', async () => {
      const r = reporter();
      await r.reportStatus(report(['a', 'b']));
      await subject.operatorPut(status => {
        status.discoveredBackends[1].message = 'the operator was here';
      });
      await r.reportStatus(report(['a']));
      expect((await subject.get()).status.discoveredBackends.map((b: any) => b.name)).toEqual(['a']);
    });

    it('meets a conflict by reading again: both writers keep what is theirs', async () => {
      const r = reporter();
      await r.reportStatus(report());
      subject.before(isWrite, () =>
        subject.operatorPut(status => {
          status.url = 'http://new.test';
        }),
      );
      const result = await r.reportStatus(report(['a']));
      expect(result).toMatchObject({ outcome: 'applied', requests: 3, attempts: 2 });
      const { status } = await subject.get();
      expect(status).toMatchObject({ url: 'http://new.test', backendCount: 1 });
    });

    it('never takes back a newer observedGeneration of the operator', async () => {
      const r = reporter();
      await r.reportStatus(report(undefined, { observedGeneration: 1 }));
      await subject.changeSpec();
      await subject.operatorPut(status => {
        status.observedGeneration = 2;
      });
      await r.reportStatus(report(['a'], { observedGeneration: 1 }));
      expect((await subject.get()).status.observedGeneration).toBe(2);
    });

    it('publishes the generation of the object where a report names none, also after a change of the spec', async () => {
      const r = reporter();
      await r.reportStatus(report());
      expect((await subject.get()).status.observedGeneration).toBe(1);
      await subject.changeSpec();
      expect(await r.reportStatus(report())).toMatchObject({ outcome: 'applied', generation: 2 });
      expect((await subject.get()).status.observedGeneration).toBe(2);
    });

    it('heals what somebody else changed of it, and nothing else', async () => {
      const r = reporter();
      await r.reportStatus(report());
      await subject.operatorPut(status => {
        status.phase = 'Failed';
        status.url = 'http://demo.test';
      });
      expect((await r.reportStatus(report())).outcome).toBe('applied');
      expect((await subject.get()).status).toMatchObject({ phase: 'Ready', url: 'http://demo.test' });
    });

    it('sees a foreign write that touched nothing of it, and writes nothing', async () => {
      const r = reporter();
      await r.reportStatus(report());
      const { metadata } = await subject.operatorPut(status => {
        status.url = 'http://demo.test';
      });
      expect(await r.reportStatus(report())).toMatchObject({
        outcome: 'unchanged',
        requests: 2,
        resourceVersion: metadata.resourceVersion,
      });
      expect(await r.reportStatus(report())).toMatchObject({ outcome: 'unchanged', requests: 1 });
    });

    it('writes into an object that was deleted and created again', async () => {
      const r = reporter();
      await r.reportStatus(report());
      await subject.remove();
      await expect(r.reportStatus(report(['a']))).rejects.toMatchObject({ code: 'not_found' });
      await subject.create();
      expect((await r.reportStatus(report(['a']))).outcome).toBe('applied');
      expect((await subject.get()).status.backendCount).toBe(1);
    });

    it('writes into a recreated object although the report is the same', async () => {
      const r = reporter();
      await r.reportStatus(report());
      await subject.remove();
      await subject.create();
      expect((await r.reportStatus(report())).outcome).toBe('applied');
      expect((await subject.get()).status.phase).toBe('Ready');
    });

    it('changes nothing that it does not own', async () => {
      await subject.operatorPut(status => {
        Object.assign(status, { phase: 'Pending', message: 'operator', observedGeneration: 1 });
      });
      const r = reporter({
        owns: { phase: false, message: false, observedGeneration: false, conditions: ['Degraded'] },
      });
      await r.reportStatus(report());
      const { status } = await subject.get();
      expect(status).toMatchObject({
        phase: 'Pending',
        message: 'operator',
        observedGeneration: 1,
        backendCount: 2,
      });
      expect(status.conditions ?? []).toEqual([]);
    });

    it('brings a thousand reports at once down to two writes, and the last one wins', async () => {
      const r = reporter();
      await r.reportStatus(report());
      subject.exchanges.length = 0;
      const results = await Promise.all(
        Array.from({ length: 1000 }, (_, i) => r.reportStatus(report(['a'], { message: `report ${i}` }))),
      );
      expect(subject.exchanges.filter(({ method }) => method !== 'GET').length).toBeLessThanOrEqual(2);
      expect(results.filter(({ outcome }) => outcome === 'superseded')).toHaveLength(998);
      expect((await subject.get()).status.message).toBe('report 999');
    });

    it('writes a change of very many backends at once', async () => {
      const many = Array.from({ length: 1000 }, (_, i) => `backend-${i}`);
      const before = report(many);
      const after = report(many);
      for (const backend of after.discoveredBackends!) {
        Object.assign(backend, {
          status: 'unavailable',
          message: 'm',
          authType: 'a',
          authConfigRef: 'r',
          mcpRevision: 'v',
          consecutiveFailures: 3,
        });
      }
      const r = reporter();
      await r.reportStatus(before);
      expect(await r.reportStatus(after)).toMatchObject({ outcome: 'applied', requests: 1 });
      expect(await r.reportStatus(after)).toMatchObject({ outcome: 'unchanged', requests: 1 });
      const { discoveredBackends } = (await subject.get()).status;
      expect(discoveredBackends).toHaveLength(1000);
      expect(discoveredBackends.every((b: any) => b.consecutiveFailures === 3)).toBe(true);
    });

    it('refuses what is too large before it is sent', async () => {
      const huge = report(Array.from({ length: 900 }, (_, i) => `backend-${i}`));
      for (const backend of huge.discoveredBackends!) backend.message = 'x'.repeat(1500);
      await expect(reporter().reportStatus(huge)).rejects.toMatchObject({ code: 'too_large' });
      expect(subject.exchanges.filter(({ method }) => method !== 'GET')).toEqual([]);
    });
  });
}

export function operatorCondition(type: string): object {
  return {
    type,
    status: 'True',
    reason: 'Operator',
    message: 'set by the operator',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  };
}
