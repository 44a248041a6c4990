// The rights that operators really grant, and what a reporter makes of each.
import { beforeEach, describe, expect, it } from 'vitest';
import type { TargetRule } from '../target.ts';
import { createSubject, fixedCredentials, type ReporterTarget, report, type Subject } from './subject.ts';

const object = 'virtualmcpservers';
const status = 'virtualmcpservers/status';

const variants: Record<
  string,
  { rules: TargetRule[]; requests: [first: number, unchanged: number, changed: number] }
> = {
  "the operator's (get on the object, update and patch on its status)": {
    rules: [
      { resources: [object], verbs: ['get'] },
      { resources: [status], verbs: ['update', 'patch'] },
    ],
    requests: [2, 1, 1],
  },
  "the documentation's (get, update and patch on the status alone)": {
    rules: [{ resources: [status], verbs: ['get', 'update', 'patch'] }],
    requests: [3, 1, 1],
  },
  'nothing but patch on the status': {
    rules: [{ resources: [status], verbs: ['patch'] }],
    requests: [4, 0, 1],
  },
};

export function describeRights(target: () => ReporterTarget): void {
  let subject: Subject;
  beforeEach(async () => {
    subject = await createSubject(target());
  });

  describe.each(Object.entries(variants))('%s', (_, { rules, requests }) => {
    it('are enough to report, to see that nothing changed, and to remember how', async () => {
      const r = subject.reporter({ token: await subject.identity(rules) });
      const results = [
        await r.reportStatus(report()),
        await r.reportStatus(report()),
        await r.reportStatus(report(['a'])),
      ];
      expect(results.map(({ outcome }) => outcome)).toEqual(['applied', 'unchanged', 'applied']);
      expect(results.map(({ requests }) => requests)).toEqual(requests);
      expect((await subject.get()).status.backendCount).toBe(1);
    });

    it('are enough to meet a conflict', async () => {
      const r = subject.reporter({ token: await subject.identity(rules) });
      await r.reportStatus(report());
      await subject.operatorPut(status => {
        status.url = 'http://new.test';
      });
      expect((await r.reportStatus(report(['a']))).outcome).toBe('applied');
      expect((await subject.get()).status).toMatchObject({ url: 'http://new.test', backendCount: 1 });
    });
  });

  it('update alone, with get, is enough for the strategy of that name', async () => {
    const token = await subject.identity([
      { resources: [object], verbs: ['get'] },
      { resources: [status], verbs: ['update'] },
    ]);
    expect((await subject.reporter({ token, strategy: 'update' }).reportStatus(report())).outcome).toBe(
      'applied',
    );
    await expect(subject.reporter({ token }).reportStatus(report(['a']))).rejects.toMatchObject({
      code: 'forbidden',
      httpStatus: 403,
      reason: 'Forbidden',
    });
  });

  it('none at all are a clear error that names what is missing, and no token', async () => {
    const token = await subject.identity([{ resources: ['pods'], apiGroups: [''], verbs: ['get'] }]);
    const error: any = await subject
      .reporter({ token })
      .reportStatus(report())
      .catch(error => error);
    expect(error).toMatchObject({ code: 'forbidden', httpStatus: 403 });
    expect(error.message).toContain('virtualmcpservers');
    expect(error.message).toContain(`namespace "${subject.namespace}"`);
    expect(`${error.stack}${JSON.stringify(error)}`).not.toContain(token);
  });

  it('a token that the server does not know is read again once, then an error', async () => {
    const reads: boolean[] = [];
    const access = { server: target().server, token: 'not-a-token-that-anybody-issued' };
    const credentials = {
      source: 'test',
      access: async ({ refresh = false } = {}) => {
        reads.push(refresh);
        return access;
      },
    };
    const error: any = await subject
      .reporter({ credentials })
      .reportStatus(report())
      .catch(error => error);
    expect(error).toMatchObject({ code: 'unauthorized', httpStatus: 401, reason: 'Unauthorized' });
    expect(reads).toEqual([false, true]);
    expect(`${error.stack}${JSON.stringify(error)}`).not.toContain('not-a-token');
  });

  it('a token that was rotated is read again at once', async () => {
    const good = fixedCredentials(target().server, target().adminToken);
    const stale = { server: target().server, token: 'stale' };
    const credentials = {
      source: 'test',
      access: async ({ refresh = false } = {}) => (refresh ? good.access() : stale),
    };
    expect(await subject.reporter({ credentials }).reportStatus(report())).toMatchObject({
      outcome: 'applied',
    });
  });
}
