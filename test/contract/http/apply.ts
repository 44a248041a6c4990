// Server-side apply on /status: what it does, no-ops and locks.
import { expect, it } from 'vitest';
import type { Target } from '../target.ts';
import {
  beta,
  collection,
  condition,
  createSubject,
  entriesOf,
  expectFailure,
  expectOk,
  mediaType,
  modified,
  tableAccept,
  virtualMcpServer,
} from './subject.ts';

const report = {
  phase: 'Ready',
  message: 'all backends are routable',
  backendCount: 1,
  conditions: [condition('Ready')],
  discoveredBackends: [{ name: 'a', status: 'ready', url: 'http://a' }],
};

export function applyCases(target: () => Target): void {
  it('answers 200 and the whole object', async () => {
    const subject = await createSubject(target());
    const object = expectOk(await subject.apply(report));
    expect(object.status).toEqual(report);
    expect(object.spec).toEqual(subject.created.spec);
    expect(object.metadata).toMatchObject({ uid: subject.created.metadata.uid, generation: 1 });
    expect(object).toEqual(await subject.get());
  });

  it('with the Table Accept and includeObject=None answers a Table of at most 1.5 KB', async () => {
    const subject = await createSubject(target());
    const answer = await subject.apply(report, {
      query: 'includeObject=None',
      headers: { accept: tableAccept },
    });
    expect(expectOk(answer).kind).toBe('Table');
    expect(answer.text.length).toBeLessThan(1_500);
    expect(answer.json.metadata.resourceVersion).toBe((await subject.get()).metadata.resourceVersion);
  });

  it('the same again: 200, resourceVersion and managedFields unmoved, nothing is written', async () => {
    const subject = await createSubject(target());
    const first = expectOk(await subject.apply(report));
    const revision = await target().etcdRevision?.();
    await new Promise(resolve => setTimeout(resolve, 1_100)); // another second: a new time would show
    expect(expectOk(await subject.apply(report))).toEqual(first);
    expect(await target().etcdRevision?.()).toBe(revision);
  });

  it('is recorded as one Apply entry of its manager, with subresource, time and leaf paths', async () => {
    const subject = await createSubject(target());
    const [entry, ...others] = entriesOf(
      expectOk(await subject.apply(report, { manager: 'gateway' })),
      'gateway',
    );
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      operation: 'Apply',
      subresource: 'status',
      apiVersion: beta,
      fieldsType: 'FieldsV1',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    const leaves = (...names: string[]) => Object.fromEntries(names.map(name => [`f:${name}`, {}]));
    expect(entry.fieldsV1).toEqual({
      'f:status': {
        ...leaves('phase', 'message', 'backendCount'),
        'f:conditions': {
          'k:{"type":"Ready"}': {
            '.': {},
            ...leaves('type', 'status', 'reason', 'message', 'lastTransitionTime'),
          },
        },
        'f:discoveredBackends': { 'k:{"name":"a"}': { '.': {}, ...leaves('name', 'status', 'url') } },
      },
    });
  });

  it('takes YAML and needs no name in the body', async () => {
    const subject = await createSubject(target());
    const headers = { 'content-type': mediaType.apply };
    const yaml = `apiVersion: ${beta}\nkind: VirtualMCPServer\nstatus:\n  phase: Degraded\n`;
    const path = `${subject.statusPath}?fieldManager=tester`;
    expect(expectOk(await target().request('PATCH', path, { headers, body: yaml })).status.phase).toBe(
      'Degraded',
    );
  });

  it('with the current resourceVersion: 200; with a stale one: 409, even with force and without a change', async () => {
    const subject = await createSubject(target());
    const first = expectOk(await subject.apply(report));
    const stale = { metadata: { resourceVersion: subject.created.metadata.resourceVersion } };
    const current = { metadata: { resourceVersion: first.metadata.resourceVersion } };
    for (const status of [report, { ...report, phase: 'Failed' }]) {
      expectFailure(await subject.apply(status, stale), 409, 'Conflict', modified);
    }
    expect(expectOk(await subject.apply(report, current))).toEqual(first);
    expect(expectOk(await subject.apply({ ...report, phase: 'Failed' }, current)).status.phase).toBe(
      'Failed',
    );
  });

  it('on a recreated object: the old uid in the body is ignored, the old resourceVersion is a 409', async () => {
    const subject = await createSubject(target());
    await target().request('DELETE', subject.path);
    const body = virtualMcpServer();
    const again = expectOk(await target().request('POST', collection(subject.namespace), { body }), 201);
    const { uid, resourceVersion } = subject.created.metadata;
    const object = expectOk(await subject.apply(report, { metadata: { uid } }));
    expect(object.metadata.uid).toBe(again.metadata.uid);
    expectFailure(
      await subject.apply(report, { metadata: { uid, resourceVersion } }),
      409,
      'Conflict',
      modified,
    );
  });

  it('on the main resource creates: 201', async () => {
    const namespace = await target().namespace();
    const path = `${collection(namespace)}/applied?fieldManager=tester`;
    const headers = { 'content-type': mediaType.apply };
    const object = expectOk(
      await target().request('PATCH', path, {
        headers,
        body: virtualMcpServer('applied', { status: report }),
      }),
      201,
    );
    expect(object.metadata).toMatchObject({ name: 'applied', generation: 1 });
    expect(object).not.toHaveProperty('status');
  });

  it('ignores spec, labels and annotations on /status', async () => {
    const subject = await createSubject(target());
    const metadata = { labels: { a: 'b' }, annotations: { c: 'd' } };
    const path = `${subject.statusPath}?fieldManager=tester`;
    const body = virtualMcpServer('subject', {
      metadata: { name: 'subject', ...metadata },
      spec: { replicas: 7 },
    });
    const headers = { 'content-type': mediaType.apply };
    const object = expectOk(
      await target().request('PATCH', path, { headers, body: { ...body, status: report } }),
    );
    expect(object.spec).toEqual(subject.created.spec);
    expect(object.metadata).not.toHaveProperty('labels');
    expect(Object.keys(entriesOf(object, 'tester')[0].fieldsV1)).toEqual(['f:status']);
  });

  it('with dryRun=All answers the result and stores nothing', async () => {
    const subject = await createSubject(target());
    const before = expectOk(await subject.apply(report, { manager: 'owner' }));
    const dry = expectOk(await subject.apply({ phase: 'Failed' }, { manager: 'other', query: 'dryRun=All' }));
    expect(dry.status.phase).toBe('Failed');
    expect(entriesOf(dry, 'other')).toHaveLength(1);
    expect(await subject.get()).toEqual(before);
  });
}
