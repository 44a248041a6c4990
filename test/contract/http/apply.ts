// Server-side apply on /status: success, no-ops, locks, and the ways it refuses.
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
  subjectOf,
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

  it('without fieldManager: 422; with one of 129 bytes or with control characters: 422', async () => {
    const subject = await createSubject(target());
    const field = 'fieldManager';
    expectFailure(
      await subject.apply(report, { manager: null }),
      422,
      'Invalid',
      'is required for apply patch',
      [{ reason: 'FieldValueRequired', field }],
    );
    expectFailure(
      await subject.apply(report, { manager: 'x'.repeat(129) }),
      422,
      'Invalid',
      'more than 128 bytes',
      [{ reason: 'FieldValueTooLong', field }],
    );
    expectFailure(
      await subject.apply(report, { manager: 'a%01b' }),
      422,
      'Invalid',
      'invalid character U+0001',
      [{ reason: 'FieldValueInvalid', field }],
    );
    expectOk(await subject.apply(report, { manager: 'x'.repeat(128) }));
  });

  it('of an absent object’s status: 404, it is never created', async () => {
    const namespace = await target().namespace();
    const absent = subjectOf(target(), namespace, 'absent', undefined);
    expectFailure(await absent.apply(report), 404, 'NotFound', '"absent" not found');
    expect((await target().request('GET', absent.path)).status).toBe(404);
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

  it('with metadata.managedFields: 400', async () => {
    const subject = await createSubject(target());
    const answer = await subject.apply(report, { metadata: { managedFields: [] } });
    expectFailure(answer, 400, 'BadRequest', 'metadata.managedFields must be nil');
  });

  it('with another name, namespace, kind or apiVersion: 400', async () => {
    const subject = await createSubject(target());
    const send = (extra: Record<string, unknown>) =>
      target().request('PATCH', `${subject.statusPath}?fieldManager=tester&force=true`, {
        headers: { 'content-type': mediaType.apply },
        body: { apiVersion: beta, kind: 'VirtualMCPServer', status: report, ...extra },
      });
    const name = await send({ metadata: { name: 'other' } });
    expectFailure(
      name,
      400,
      'BadRequest',
      'the name of the object (other) does not match the name on the URL (subject)',
    );
    const namespace = await send({ metadata: { name: 'subject', namespace: 'other' } });
    expectFailure(namespace, 400, 'BadRequest', 'the namespace of the provided object does not match');
    expectFailure(await send({ kind: 'Foo' }), 400, 'BadRequest', `invalid object type: ${beta}, Kind=Foo`);
    expectFailure(await send({ kind: undefined }), 400, 'BadRequest', `invalid object type: ${beta}, Kind=`);
    const alpha = 'toolhive.stacklok.dev/v1alpha1';
    expectFailure(
      await send({ apiVersion: alpha }),
      400,
      'BadRequest',
      `invalid object type: ${alpha}, Kind=`,
    );
  });

  it('of a body that is no YAML mapping: 400', async () => {
    const subject = await createSubject(target());
    const headers = { 'content-type': mediaType.apply };
    for (const body of ['{', '[]']) {
      const path = `${subject.statusPath}?fieldManager=tester`;
      expectFailure(
        await target().request('PATCH', path, { headers, body }),
        400,
        'BadRequest',
        'error decoding YAML',
      );
    }
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

  it('a field that the definition does not know: 500 without reason, naming the path', async () => {
    const subject = await createSubject(target());
    const prefix = `failed to create typed patch object (/subject; ${beta}, Kind=VirtualMCPServer): `;
    const one = await subject.apply({ ...report, bogus: 1 });
    expectFailure(one, 500, undefined, `${prefix}.status.bogus: field not declared in schema`);
    expect(one.json).not.toHaveProperty('details');
    const ignored = await subject.apply({ ...report, bogus: 1 }, { query: 'fieldValidation=Ignore' });
    expectFailure(ignored, 500, undefined, '.status.bogus: field not declared in schema');
  });

  it('several unknown fields: 500 with one line for each path', async () => {
    const subject = await createSubject(target());
    const answer = await subject.apply({
      discoveredBackends: [
        { name: 'x', other: 1 },
        { name: 'y', other: 2 },
      ],
      conditions: [{ ...condition('A'), nope: true }],
    });
    expectFailure(answer, 500, undefined, [
      'Kind=VirtualMCPServer): errors:\n',
      '\n  .status.discoveredBackends[name="x"].other: field not declared in schema',
      '\n  .status.discoveredBackends[name="y"].other: field not declared in schema',
      '\n  .status.conditions[type="A"].nope: field not declared in schema',
    ]);
  });

  it('a duplicate list-map key: 500 without reason', async () => {
    const subject = await createSubject(target());
    const backends = await subject.apply({ discoveredBackends: [{ name: 'x' }, { name: 'x' }] });
    expectFailure(
      backends,
      500,
      undefined,
      '.status.discoveredBackends: duplicate entries for key [name="x"]',
    );
    const conditions = await subject.apply({ conditions: [condition('A'), condition('A')] });
    expectFailure(conditions, 500, undefined, '.status.conditions: duplicate entries for key [type="A"]');
  });

  it('a list item without its key, a scalar or list of the wrong type: 500 without reason', async () => {
    const subject = await createSubject(target());
    const keyless = await subject.apply({ discoveredBackends: [{ url: 'http://x' }] });
    expectFailure(
      keyless,
      500,
      undefined,
      'associative list with keys has an element that omits all key fields ["name"]',
    );
    const count = await subject.apply({ backendCount: 'three' });
    expectFailure(count, 500, undefined, '.status.backendCount: expected numeric (int or float), got string');
    const list = await subject.apply({ discoveredBackends: {} });
    expectFailure(list, 500, undefined, '.status.discoveredBackends: expected list, got');
  });

  it('a value outside an enum: 422', async () => {
    const subject = await createSubject(target());
    const answer = await subject.apply({ phase: 'Nope' });
    expectFailure(answer, 422, 'Invalid', 'status.phase: Unsupported value: "Nope"', [
      { reason: 'FieldValueNotSupported', field: 'status.phase' },
    ]);
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
