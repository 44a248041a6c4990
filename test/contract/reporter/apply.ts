// What only server-side apply gives: ownership that outlives the process.
import { beforeEach, describe, expect, it } from 'vitest';
import { createSubject, isWrite, type ReporterTarget, report, type Subject } from './subject.ts';
import { operatorCondition } from './writing.ts';

export function describeApply(target: () => ReporterTarget): void {
  let subject: Subject;
  beforeEach(async () => {
    subject = await createSubject(target());
  });

  const entries = async () =>
    ((await subject.get()).metadata.managedFields as any[]).filter(
      ({ subresource }) => subresource === 'status',
    );

  it('is recorded in managedFields as an Apply of the status subresource', async () => {
    await subject.reporter().reportStatus(report(['a']));
    const [entry, ...others] = await entries();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ manager: 'vmcp-status-reporter', operation: 'Apply' });
    const fields = entry.fieldsV1['f:status'];
    expect(Object.keys(fields).sort()).toEqual([
      'f:backendCount',
      'f:conditions',
      'f:discoveredBackends',
      'f:message',
      'f:observedGeneration',
      'f:phase',
    ]);
    expect(Object.keys(fields['f:discoveredBackends'])).toEqual(['k:{"name":"a"}']);
  });

  it('remembers across a restart that a Ready was ours', async () => {
    await subject.reporter().reportStatus(report());
    await subject.reporter().reportStatus(report(undefined, { conditions: [] }));
    expect((await subject.get()).status.conditions ?? []).toEqual([]);
  });

  it('writes nothing after a restart when everything is as it was', async () => {
    const first = await subject.reporter().reportStatus(report());
    expect(await subject.reporter().reportStatus(report())).toEqual({
      ...first,
      outcome: 'unchanged',
      requests: 1,
    });
  });

  it('claims what another writer has set to the very same values', async () => {
    await subject.reporter({ strategy: 'update', fieldManager: 'go-runtime' }).reportStatus(report());
    expect((await subject.reporter().reportStatus(report())).outcome).toBe('applied');
    expect((await entries()).map(({ manager, operation }: any) => `${manager} ${operation}`)).toContain(
      'vmcp-status-reporter Apply',
    );
  });

  it('asks for the whole object only where something may have stayed behind, else for a Table', async () => {
    const r = subject.reporter();
    const many = Array.from({ length: 50 }, (_, i) => `backend-${i}`);
    await r.reportStatus(report(many));
    await r.reportStatus(report([...many, 'one-more']));
    await r.reportStatus(report(many));
    const [first, second, third] = subject.exchanges.filter(({ method }) => method === 'PATCH');
    expect(first!.received).toBeGreaterThan(5000);
    expect(second!.received).toBeLessThan(1500);
    expect(third!.received).toBeGreaterThan(5000);
  });

  it('repairs leftovers with a locked patch that only removes', async () => {
    await subject.operatorPut(status => {
      status.discoveredBackends = [{ name: 'gone' }];
    });
    await subject.reporter().reportStatus(report(['a']));
    const repair = subject.exchanges.at(-1)!;
    expect(repair.contentType).toBe('application/json-patch+json');
    expect(repair.body.map(({ op }: any) => op)).toEqual(['replace', 'remove']);
    expect(repair.body[0]).toMatchObject({ path: '/metadata/resourceVersion' });
  });

  it('is partial where the repair fails, and complete after the next report', async () => {
    await subject.operatorPut(status => {
      status.discoveredBackends = [{ name: 'gone' }];
    });
    const r = subject.reporter();
    subject.before(
      request => request.headers['content-type'] === 'application/json-patch+json',
      () => Promise.reject(Object.assign(new Error('the repair is refused'), { code: 'test' })),
    );
    expect((await r.reportStatus(report(['a']))).outcome).toBe('partial');
    expect((await subject.get()).status.discoveredBackends).toHaveLength(2);
    expect((await r.reportStatus(report(['a']))).outcome).toBe('applied');
    expect((await subject.get()).status.discoveredBackends).toHaveLength(1);
  });

  it('meets a conflict during the repair like any other', async () => {
    await subject.operatorPut(status => {
      status.discoveredBackends = [{ name: 'gone' }];
    });
    subject.before(
      request => request.headers['content-type'] === 'application/json-patch+json',
      () =>
        subject.operatorPut(status => {
          status.url = 'http://between.test';
        }),
    );
    expect(await subject.reporter().reportStatus(report(['a']))).toMatchObject({
      outcome: 'applied',
      attempts: 2,
    });
    const { status } = await subject.get();
    expect(status.discoveredBackends).toHaveLength(1);
    expect(status.url).toBe('http://between.test');
  });

  describe('ceding', () => {
    it('hands a field over instead of deleting it', async () => {
      await subject.reporter().reportStatus(report());
      const r = subject.reporter({ owns: { phase: false, message: false } });
      await r.reportStatus(report(['a'], { phase: 'Failed', message: 'not ours to say' }));
      const { status } = await subject.get();
      expect(status).toMatchObject({ phase: 'Ready', message: 'All is well', backendCount: 1 });
      const heir = (await entries()).find(({ manager }: any) => manager === 'vmcp-status-reporter-ceded');
      expect(heir).toMatchObject({ operation: 'Apply' });
      expect(Object.keys(heir.fieldsV1['f:status']).sort()).toEqual(['f:message', 'f:phase']);
    });

    it('hands conditions over one by one, and backends with all that they say', async () => {
      await subject.reporter().reportStatus(report());
      const before = (await subject.get()).status;
      const r = subject.reporter({ owns: { conditions: ['BackendsDiscovered'], discoveredBackends: false } });
      await r.reportStatus({ phase: 'Degraded', conditions: [] });
      const { status } = await subject.get();
      expect(status.phase).toBe('Degraded');
      expect(status.discoveredBackends).toEqual(before.discoveredBackends);
      expect(status.conditions).toEqual(before.conditions.filter((c: any) => c.type === 'Ready'));
    });

    it('keeps what was ceded before when more is ceded', async () => {
      await subject.reporter().reportStatus(report());
      await subject.reporter({ owns: { phase: false } }).reportStatus(report());
      await subject.reporter({ owns: { phase: false, message: false } }).reportStatus(report(['a']));
      expect((await subject.get()).status).toMatchObject({ phase: 'Ready', message: 'All is well' });
    });

    it('happens once', async () => {
      await subject.reporter().reportStatus(report());
      await subject.reporter({ owns: { phase: false } }).reportStatus(report());
      subject.exchanges.length = 0;
      await subject.reporter({ owns: { phase: false } }).reportStatus(report(['a']));
      expect(subject.exchanges.filter(({ method }) => method !== 'GET')).toHaveLength(1);
    });
  });

  it('is locked: what an operator writes between our read and our write is not taken back', async () => {
    subject.before(isWrite, async () => {
      await subject.changeSpec();
      await subject.operatorPut(status => {
        status.observedGeneration = 2;
      });
    });
    await subject.reporter().reportStatus(report(undefined, { observedGeneration: 1 }));
    expect((await subject.get()).status.observedGeneration).toBe(2);
  });

  it('does not write into an object that was recreated between our read and our write', async () => {
    const old = await subject.operatorPut(status => {
      status.conditions = [operatorCondition('Valid')];
    });
    subject.before(isWrite, async () => {
      await subject.remove();
      await subject.create();
    });
    const result = await subject.reporter().reportStatus(report(undefined, { observedGeneration: 5 }));
    expect(result).toMatchObject({ outcome: 'applied', attempts: 2 });
    const object = await subject.get();
    expect(object.metadata.uid).not.toBe(old.metadata.uid);
    expect(object.status.conditions.map((c: any) => c.type)).not.toContain('Valid');
  });
}
