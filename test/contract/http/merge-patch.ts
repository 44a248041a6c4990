// Merge patch (RFC 7386) on /status, and the media types that a custom resource does not take.
import { expect, it } from 'vitest';
import type { Target } from '../target.ts';
import {
  condition,
  createSubject,
  entriesOf,
  expectFailure,
  expectOk,
  keys,
  modified,
  tableAccept,
} from './subject.ts';

export function mergePatchCases(target: () => Target): void {
  it('an empty merge patch reads the object: 200, resourceVersion unmoved', async () => {
    const subject = await createSubject(target());
    const before = expectOk(await subject.apply({ phase: 'Ready' }, { manager: 'a' }));
    expect(expectOk(await subject.mergePatch({}, { manager: 'b' }))).toEqual(before);
    expect(await subject.get()).toEqual(before);
  });

  it('an empty merge patch with the Table Accept answers the Table', async () => {
    const subject = await createSubject(target());
    const answer = await subject.mergePatch(
      {},
      { query: 'includeObject=None', headers: { accept: tableAccept } },
    );
    expect(expectOk(answer).kind).toBe('Table');
    expect(answer.json.metadata.resourceVersion).toBe(subject.created.metadata.resourceVersion);
    expect(answer.text.length).toBeLessThan(1_500);
  });

  it('replaces whole arrays: a condition that is not sent is gone', async () => {
    const subject = await createSubject(target());
    expectOk(
      await subject.mergePatch({ status: { conditions: [condition('A'), condition('B')], message: 'kept' } }),
    );
    const after = expectOk(await subject.mergePatch({ status: { conditions: [condition('B')] } }));
    expect(keys(after.status.conditions)).toEqual(['B']);
    expect(after.status.message).toBe('kept');
  });

  it('null removes a member; a removed phase becomes the default', async () => {
    const subject = await createSubject(target());
    expectOk(await subject.mergePatch({ status: { phase: 'Ready', message: 'm', url: 'http://u' } }));
    const after = expectOk(await subject.mergePatch({ status: { phase: null, message: null } }));
    expect(after.status).toEqual({ phase: 'Pending', url: 'http://u' });
    expect(expectOk(await subject.mergePatch({ status: null }))).not.toHaveProperty('status');
  });

  it('with a stale resourceVersion: 409; with the current one: 200', async () => {
    const subject = await createSubject(target());
    const current = expectOk(await subject.mergePatch({ status: { phase: 'Ready' } }));
    const locked = (resourceVersion: string) =>
      subject.mergePatch({ metadata: { resourceVersion }, status: { phase: 'Failed' } });
    expectFailure(await locked(subject.created.metadata.resourceVersion), 409, 'Conflict', modified);
    expect(expectOk(await locked(current.metadata.resourceVersion)).status.phase).toBe('Failed');
  });

  it('metadata other than the resourceVersion is ignored on /status', async () => {
    const subject = await createSubject(target());
    const metadata = { labels: { a: 'b' }, uid: '11111111-1111-4111-8111-111111111111', generation: 77 };
    const after = expectOk(
      await subject.mergePatch({ metadata, spec: { replicas: 4 }, status: { phase: 'Ready' } }),
    );
    expect(after.metadata).toMatchObject({ uid: subject.created.metadata.uid, generation: 1 });
    expect(after.metadata).not.toHaveProperty('labels');
    expect(after.spec).toEqual(subject.created.spec);
  });

  it('editing managedFields through /status: 200, ignored', async () => {
    const subject = await createSubject(target());
    const before = expectOk(await subject.apply({ phase: 'Ready' }, { manager: 'owner' }));
    for (const managedFields of [[], null, [{}]]) {
      expect(expectOk(await subject.mergePatch({ metadata: { managedFields } }))).toEqual(before);
    }
  });

  it('is recorded as an Update of its manager, and takes over what it changes', async () => {
    const subject = await createSubject(target());
    expectOk(await subject.apply({ phase: 'Ready', message: 'm' }, { manager: 'owner' }));
    const after = expectOk(await subject.mergePatch({ status: { phase: 'Failed' } }, { manager: 'other' }));
    expect(entriesOf(after, 'owner')[0].fieldsV1).toEqual({ 'f:status': { 'f:message': {} } });
    expect(entriesOf(after, 'other')).toMatchObject([
      { operation: 'Update', subresource: 'status', fieldsV1: { 'f:status': { 'f:phase': {} } } },
    ]);
  });

  it('a body that is no object: 400', async () => {
    const subject = await createSubject(target());
    for (const body of ['{', '[]', '"text"']) {
      expectFailure(await subject.mergePatch(body), 400, 'BadRequest', 'error decoding patch');
    }
  });

  it('force is for apply only: 422', async () => {
    const subject = await createSubject(target());
    const answer = await subject.mergePatch({}, { query: 'force=true' });
    expectFailure(answer, 422, 'Invalid', 'may not be specified for non-apply patch', [
      { reason: 'FieldValueForbidden', field: 'force' },
    ]);
  });

  it('PATCH as application/json or strategic merge patch: 415 with the accepted types', async () => {
    const subject = await createSubject(target());
    for (const type of ['application/json', 'application/strategic-merge-patch+json', 'text/plain']) {
      const answer = await subject.mergePatch({}, { headers: { 'content-type': type } });
      expectFailure(
        answer,
        415,
        'UnsupportedMediaType',
        'accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
      );
    }
  });

  it('parameters of the media type do not matter', async () => {
    const subject = await createSubject(target());
    const headers = { 'content-type': 'application/merge-patch+json; charset=utf-8' };
    expect(expectOk(await subject.mergePatch({ status: { phase: 'Ready' } }, { headers })).status.phase).toBe(
      'Ready',
    );
  });
}
