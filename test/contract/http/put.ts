// PUT, as the Go reference and the operator write: what it replaces, what it ignores, what it demands.
import { expect, it } from 'vitest';
import type { Target } from '../target.ts';
import {
  collection,
  createSubject,
  entriesOf,
  expectFailure,
  expectOk,
  modified,
  virtualMcpServer,
} from './subject.ts';

export function putCases(target: () => Target): void {
  const put = (path: string, body: unknown, query = '') =>
    target().request('PUT', `${path}${query}`, { body });

  it('PUT on the object ignores status', async () => {
    const subject = await createSubject(target());
    const before = expectOk(await subject.mergePatch({ status: { phase: 'Ready', message: 'kept' } }));
    const body = {
      ...before,
      spec: { ...before.spec, replicas: 2 },
      status: { phase: 'Failed', message: 'lost' },
    };
    const after = expectOk(await put(subject.path, body));
    expect(after.spec.replicas).toBe(2);
    expect(after.metadata.generation).toBe(2);
    expect(after.status).toEqual({ phase: 'Ready', message: 'kept' });
  });

  it('PUT on /status ignores spec, labels and annotations', async () => {
    const subject = await createSubject(target());
    const body = {
      ...subject.created,
      metadata: { ...subject.created.metadata, labels: { a: 'b' }, annotations: { c: 'd' } },
      spec: { ...subject.created.spec, replicas: 9 },
      status: { phase: 'Ready' },
    };
    const after = expectOk(await put(subject.statusPath, body));
    expect(after.spec).toEqual(subject.created.spec);
    expect(after.metadata.generation).toBe(1);
    expect(after.metadata).not.toHaveProperty('labels');
    expect(after.metadata).not.toHaveProperty('annotations');
    expect(after.status).toEqual({ phase: 'Ready' });
  });

  it('PUT on /status replaces the whole status', async () => {
    const subject = await createSubject(target());
    expectOk(await subject.mergePatch({ status: { phase: 'Ready', url: 'http://u', message: 'm' } }));
    const after = expectOk(await subject.putStatus({ phase: 'Failed' }));
    expect(after.status).toEqual({ phase: 'Failed' });
    expect(expectOk(await subject.putStatus(undefined))).not.toHaveProperty('status');
  });

  it('PUT of what is already there: 200, resourceVersion unmoved', async () => {
    const subject = await createSubject(target());
    const before = expectOk(await subject.putStatus({ phase: 'Ready', message: 'same' }));
    const again = expectOk(await subject.putStatus({ message: 'same', phase: 'Ready' }));
    expect(again).toEqual(before);
  });

  it('PUT with a stale resourceVersion: 409 Conflict', async () => {
    const subject = await createSubject(target());
    expectOk(await subject.mergePatch({ status: { phase: 'Ready' } }));
    const stale = { ...subject.created, status: { phase: 'Failed' } };
    for (const path of [subject.path, subject.statusPath]) {
      const body = { ...stale, spec: { ...stale.spec, replicas: 3 } };
      const answer = await put(path, body);
      expectFailure(answer, 409, 'Conflict', [
        'Operation cannot be fulfilled on virtualmcpservers.toolhive.stacklok.dev "subject": ',
        modified,
      ]);
      expect(answer.json.details).toEqual({
        name: 'subject',
        group: 'toolhive.stacklok.dev',
        kind: 'virtualmcpservers',
      });
    }
  });

  it('PUT without a resourceVersion: 422, also with "0"', async () => {
    const subject = await createSubject(target());
    for (const path of [subject.path, subject.statusPath]) {
      for (const metadata of [{ name: 'subject' }, { name: 'subject', resourceVersion: '0' }]) {
        const answer = await put(path, virtualMcpServer('subject', { metadata, status: { phase: 'Ready' } }));
        expectFailure(answer, 422, 'Invalid', 'must be specified for an update', [
          { reason: 'FieldValueInvalid', field: 'metadata.resourceVersion' },
        ]);
      }
    }
  });

  it('PUT with a resourceVersion that is no number: 500 without reason', async () => {
    const subject = await createSubject(target());
    const answer = await subject.putStatus({ phase: 'Ready' }, { metadata: { resourceVersion: 'abc' } });
    expectFailure(answer, 500, undefined, 'invalid syntax');
  });

  it('PUT with another uid: 409 Conflict', async () => {
    const subject = await createSubject(target());
    const uid = '11111111-1111-4111-8111-111111111111';
    const answer = await subject.putStatus({ phase: 'Ready' }, { metadata: { uid } });
    expectFailure(
      answer,
      409,
      'Conflict',
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: `,
    );
  });

  it('PUT of another name: 400; without a name: 400', async () => {
    const subject = await createSubject(target());
    const other = await subject.putStatus({ phase: 'Ready' }, { metadata: { name: 'other' } });
    expectFailure(
      other,
      400,
      'BadRequest',
      'the name of the object (other) does not match the name on the URL (subject)',
    );
    const nameless = await put(subject.statusPath, virtualMcpServer('x', { metadata: {} }));
    expectFailure(nameless, 400, 'BadRequest', 'name must be provided');
  });

  it('PUT of an absent object: 404, it is not created', async () => {
    const namespace = await target().namespace();
    for (const suffix of ['', '/status']) {
      const answer = await put(`${collection(namespace)}/absent${suffix}`, virtualMcpServer('absent'));
      expectFailure(answer, 404, 'NotFound', '"absent" not found');
    }
  });

  it('PUT with a patch media type: 415', async () => {
    const subject = await createSubject(target());
    const headers = { 'content-type': 'application/merge-patch+json' };
    const answer = await subject.putStatus({ phase: 'Ready' }, { headers });
    expectFailure(answer, 415, 'UnsupportedMediaType', 'accepted media types include: application/json');
  });

  it('PUT with dryRun=All answers the result and stores nothing', async () => {
    const subject = await createSubject(target());
    const dry = expectOk(await subject.putStatus({ phase: 'Failed' }, { query: 'dryRun=All' }));
    expect(dry.status).toEqual({ phase: 'Failed' });
    expect(await subject.get()).toEqual(subject.created);
  });

  it('PUT names its manager: an Update entry per manager and subresource', async () => {
    const subject = await createSubject(target());
    const after = expectOk(await subject.putStatus({ phase: 'Ready' }, { manager: 'operator' }));
    const [entry, ...others] = entriesOf(after, 'operator');
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      operation: 'Update',
      subresource: 'status',
      apiVersion: 'toolhive.stacklok.dev/v1beta1',
      fieldsType: 'FieldsV1',
    });
    expect(entry.fieldsV1).toEqual({ 'f:status': { '.': {}, 'f:phase': {} } });
    expect(entry.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it('without fieldManager the manager is the User-Agent up to its first slash', async () => {
    const subject = await createSubject(target());
    const headers = { 'user-agent': 'my-gateway/1.2 (linux)' };
    const after = expectOk(await subject.putStatus({ phase: 'Ready' }, { manager: null, headers }));
    expect(entriesOf(after, 'my-gateway')).toHaveLength(1);
  });

  it('a value that changes hands by PUT leaves its former owner’s Update entry', async () => {
    const subject = await createSubject(target());
    expectOk(await subject.putStatus({ phase: 'Ready', message: 'm' }, { manager: 'first' }));
    const after = expectOk(await subject.putStatus({ phase: 'Failed', message: 'm' }, { manager: 'second' }));
    expect(entriesOf(after, 'first')[0].fieldsV1).toEqual({ 'f:status': { '.': {}, 'f:message': {} } });
    expect(entriesOf(after, 'second')[0].fieldsV1).toEqual({ 'f:status': { 'f:phase': {} } });
  });

  it('apply, JSON patch and GET + PUT lead to the same status', async () => {
    const start = {
      phase: 'Ready',
      discoveredBackends: [
        { name: 'a', status: 'ready' },
        { name: 'b', status: 'ready' },
      ],
    };
    const end = {
      phase: 'Degraded',
      discoveredBackends: [
        { name: 'a', status: 'ready' },
        { name: 'b', status: 'unknown' },
      ],
    };
    const [applied, patched, replaced] = [
      await createSubject(target()),
      await createSubject(target()),
      await createSubject(target()),
    ];
    for (const subject of [applied, patched, replaced]) expectOk(await subject.apply(start));
    const operations = [
      { op: 'replace', path: '/status/phase', value: 'Degraded' },
      { op: 'replace', path: '/status/discoveredBackends/1/status', value: 'unknown' },
    ];
    expect(expectOk(await applied.apply(end)).status).toEqual(end);
    expect(expectOk(await patched.jsonPatch(operations)).status).toEqual(end);
    expect(expectOk(await replaced.putStatus(end)).status).toEqual(end);
  });
}
