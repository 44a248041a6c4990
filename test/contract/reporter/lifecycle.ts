// Several instances of one gateway, one after the other and side by side; absent objects; shutdown.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createSubject, type ReporterTarget, report, type Subject } from './subject.ts';

export function describeLifecycle(target: () => ReporterTarget): void {
  let subject: Subject;
  beforeEach(async () => {
    subject = await createSubject(target());
  });
  const logger = () => ({ debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() });
  const final = { phase: 'Failed', message: 'The gateway was stopped' } as const;

  it('an absent object is not found, is never created, and is served once it is there', async () => {
    await subject.remove();
    const r = subject.reporter();
    await expect(r.reportStatus(report())).rejects.toMatchObject({ code: 'not_found', reason: 'NotFound' });
    await subject.create();
    expect((await r.reportStatus(report())).outcome).toBe('applied');
  });

  describe('a final status', () => {
    it('is left behind on shutdown', async () => {
      const r = subject.reporter({ onShutdown: final });
      const shutdown = await r.start();
      await r.reportStatus(report());
      await shutdown();
      expect((await subject.get()).status).toMatchObject(final);
      await expect(r.reportStatus(report())).rejects.toMatchObject({ code: 'closed' });
    });

    it('is left behind also when the operator has written since, as long as our part is untouched', async () => {
      const r = subject.reporter({ onShutdown: final });
      await r.reportStatus(report());
      await subject.operatorPut(status => {
        status.url = 'http://demo.test';
      });
      await r.reportStatus(report());
      await r[Symbol.asyncDispose]();
      expect((await subject.get()).status).toMatchObject({ ...final, url: 'http://demo.test' });
    });

    it('is dropped when a successor has reported: an old pod never overwrites the new one', async () => {
      const old = subject.reporter({ onShutdown: final });
      await old.reportStatus(report());
      await subject.reporter().reportStatus(report(['a', 'b', 'c']));
      await old[Symbol.asyncDispose]();
      expect((await subject.get()).status).toMatchObject({ phase: 'Ready', backendCount: 3 });
    });

    it('is dropped also when the old instance has seen the successor', async () => {
      const old = subject.reporter({ onShutdown: final });
      await old.reportStatus(report());
      const successor = subject.reporter();
      await successor.reportStatus(report(['a', 'b', 'c']));
      await expect(old.read()).resolves.toBeDefined();
      await old[Symbol.asyncDispose]();
      expect((await subject.get()).status.phase).toBe('Ready');
    });

    it('is not written by an instance that never reported', async () => {
      const r = subject.reporter({ onShutdown: final });
      await (await r.start())();
      expect((await subject.get()).status?.phase).not.toBe('Failed');
    });
  });

  it('two instances under one name are warned about once', async () => {
    const log = logger();
    const one = subject.reporter({ logger: log });
    const two = subject.reporter();
    for (let round = 0; round < 4; round++) {
      await one.reportStatus(report(['a']));
      await two.reportStatus(report(['b']));
    }
    const replicas = log.warn.mock.calls.filter(([message]) => /replicas/.test(message));
    expect(replicas).toHaveLength(1);
  });

  it('somebody who keeps changing it back is named once, and healed less often', async () => {
    const log = logger();
    const r = subject.reporter({ logger: log });
    const meddle = () =>
      subject.operatorPut(status => {
        status.phase = 'Failed';
      });
    await r.reportStatus(report());
    const outcomes = [];
    for (let round = 0; round < 6; round++) {
      await meddle();
      outcomes.push(await r.reportStatus(report()));
    }
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      'applied',
      'applied',
      'unchanged',
      'unchanged',
      'unchanged',
      'unchanged',
    ]);
    expect(outcomes.at(-1)!.contested).toEqual(['phase']);
    expect(log.warn.mock.calls.filter(([message]) => /contested/.test(message))).toEqual([
      [expect.stringContaining('thv-operator'), { path: 'phase', manager: 'thv-operator' }],
    ]);

    subject.clock.now += 60_000;
    expect((await r.reportStatus(report())).outcome).toBe('applied');
    expect((await subject.get()).status.phase).toBe('Ready');
  });

  it('news about a contested part go out at once', async () => {
    const r = subject.reporter();
    await r.reportStatus(report());
    for (let round = 0; round < 3; round++) {
      await subject.operatorPut(status => {
        status.phase = 'Failed';
      });
      await r.reportStatus(report());
    }
    expect((await subject.get()).status.phase).toBe('Failed');
    expect((await r.reportStatus(report(undefined, { phase: 'Degraded' }))).outcome).toBe('applied');
    expect((await subject.get()).status.phase).toBe('Degraded');
  });

  it('other parts are still reported while one is contested', async () => {
    const r = subject.reporter();
    await r.reportStatus(report());
    for (let round = 0; round < 3; round++) {
      await subject.operatorPut(status => {
        status.phase = 'Failed';
      });
      await r.reportStatus(report());
    }
    await r.reportStatus(report(['a']));
    expect((await subject.get()).status).toMatchObject({ phase: 'Failed', backendCount: 1 });
  });
}
