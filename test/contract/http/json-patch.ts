// JSON patch (RFC 6902) on /status, with the API server's own ideas about failure.
import { expect, it } from 'vitest';
import type { Target } from '../target.ts';
import {
  collection,
  condition,
  createSubject,
  expectFailure,
  expectOk,
  mediaType,
  modified,
} from './subject.ts';

const rejected = 'the server rejected our request due to an error in our request';

export function jsonPatchCases(target: () => Target): void {
  it('add /status/phase on an object without status: 422; add /status: 200', async () => {
    const subject = await createSubject(target());
    const early = await subject.jsonPatch([{ op: 'add', path: '/status/phase', value: 'Ready' }]);
    expectFailure(early, 422, 'Invalid', rejected);
    expect(early.json.details).toEqual({});
    const whole = await subject.jsonPatch([{ op: 'add', path: '/status', value: { phase: 'Ready' } }]);
    expect(expectOk(whole).status).toEqual({ phase: 'Ready' });
  });

  it('replace /metadata/resourceVersion with a stale one: 409; with the current one: 200', async () => {
    const subject = await createSubject(target());
    const { resourceVersion } = expectOk(await subject.mergePatch({ status: { phase: 'Ready' } })).metadata;
    const lock = (value: string) => ({ op: 'replace', path: '/metadata/resourceVersion', value });
    const change = { op: 'replace', path: '/status/phase', value: 'Failed' };
    const stale = await subject.jsonPatch([lock(subject.created.metadata.resourceVersion), change]);
    expectFailure(stale, 409, 'Conflict', modified);
    const locked = expectOk(await subject.jsonPatch([lock(resourceVersion), change]));
    expect(locked.status.phase).toBe('Failed');
    expect(locked.metadata.resourceVersion).not.toBe(resourceVersion);
  });

  it('a `test` that fails: 422 like any bad path, and nothing of the patch is done', async () => {
    const subject = await createSubject(target());
    const before = expectOk(await subject.mergePatch({ status: { phase: 'Ready' } }));
    const answer = await subject.jsonPatch([
      { op: 'replace', path: '/status/phase', value: 'Failed' },
      { op: 'test', path: '/status/phase', value: 'Ready' },
    ]);
    expectFailure(answer, 422, 'Invalid', rejected);
    expect(await subject.get()).toEqual(before);
  });

  it('a `test` that holds and nothing else: 200, resourceVersion unmoved', async () => {
    const subject = await createSubject(target());
    const before = expectOk(await subject.mergePatch({ status: { phase: 'Ready' } }));
    const after = expectOk(await subject.jsonPatch([{ op: 'test', path: '/status/phase', value: 'Ready' }]));
    expect(after).toEqual(before);
  });

  it('remove of an absent member, an index beyond the end, an unknown operation: 422', async () => {
    const subject = await createSubject(target());
    expectOk(await subject.mergePatch({ status: { discoveredBackends: [{ name: 'a' }] } }));
    const bad = [
      { op: 'remove', path: '/status/url' },
      { op: 'remove', path: '/status/discoveredBackends/1' },
      { op: 'add', path: '/status/discoveredBackends/5', value: { name: 'f' } },
      { op: 'replace', path: '/status/nowhere/deep', value: 1 },
      { op: 'frobnicate', path: '/status/url', value: 'x' },
    ];
    for (const operation of bad)
      expectFailure(await subject.jsonPatch([operation]), 422, 'Invalid', rejected);
  });

  it('replace of an absent member adds it (unlike RFC 6902)', async () => {
    const subject = await createSubject(target());
    expectOk(await subject.mergePatch({ status: { phase: 'Ready' } }));
    const after = expectOk(
      await subject.jsonPatch([{ op: 'replace', path: '/status/url', value: 'http://u' }]),
    );
    expect(after.status).toEqual({ phase: 'Ready', url: 'http://u' });
  });

  it('list items: insert before an index, append with "-", replace one member, remove', async () => {
    const subject = await createSubject(target());
    expectOk(await subject.mergePatch({ status: { discoveredBackends: [{ name: 'b' }] } }));
    const after = expectOk(
      await subject.jsonPatch([
        { op: 'add', path: '/status/discoveredBackends/0', value: { name: 'a' } },
        { op: 'add', path: '/status/discoveredBackends/-', value: { name: 'c' } },
        { op: 'add', path: '/status/discoveredBackends/1/status', value: 'ready' },
        { op: 'remove', path: '/status/discoveredBackends/2' },
      ]),
    );
    expect(after.status.discoveredBackends).toEqual([{ name: 'a' }, { name: 'b', status: 'ready' }]);
  });

  it('copy and move', async () => {
    const subject = await createSubject(target());
    expectOk(await subject.mergePatch({ status: { phase: 'Ready', message: 'm' } }));
    const after = expectOk(
      await subject.jsonPatch([
        { op: 'copy', from: '/status/message', path: '/status/url' },
        { op: 'move', from: '/status/message', path: '/status/oidcConfigHash' },
      ]),
    );
    expect(after.status).toEqual({ phase: 'Ready', url: 'm', oidcConfigHash: 'm' });
  });

  it('"~1" and "~0" in a path are "/" and "~"', async () => {
    const subject = await createSubject(target());
    const answer = await target().request('PATCH', subject.path, {
      headers: { 'content-type': mediaType.jsonPatch },
      body: [
        { op: 'add', path: '/metadata/annotations', value: {} },
        { op: 'add', path: '/metadata/annotations/example.com~1key', value: 'v' },
      ],
    });
    expect(expectOk(answer).metadata.annotations).toEqual({ 'example.com/key': 'v' });
  });

  it('an empty patch reads the object: 200, resourceVersion unmoved', async () => {
    const subject = await createSubject(target());
    expect(expectOk(await subject.jsonPatch([]))).toEqual(subject.created);
  });

  it('a body that is no array, or no JSON: 400', async () => {
    const subject = await createSubject(target());
    expectFailure(await subject.jsonPatch({}), 400, 'BadRequest', 'error decoding patch');
    expectFailure(await subject.jsonPatch('['), 400, 'BadRequest', 'error decoding patch');
  });

  it('10,001 operations: 413; 10,000: 200', { timeout: 60_000 }, async () => {
    const subject = await createSubject(target());
    expectOk(await subject.mergePatch({ status: { phase: 'Ready' } }));
    const operations = Array.from({ length: 10_000 }, () => ({
      op: 'add',
      path: '/status/message',
      value: 'm',
    }));
    expect(expectOk(await subject.jsonPatch(operations)).status.message).toBe('m');
    const answer = await subject.jsonPatch([...operations, ...operations.slice(0, 1)]);
    expectFailure(
      answer,
      413,
      'RequestEntityTooLarge',
      'The allowed maximum operations in a JSON patch is 10000, got 10001',
    );
  });

  it('an operation on the spec through /status: 200 and ignored', async () => {
    const subject = await createSubject(target());
    const after = expectOk(await subject.jsonPatch([{ op: 'add', path: '/spec/replicas', value: 5 }]));
    expect(after).toEqual(subject.created);
  });

  it('renaming the object: 400', async () => {
    const subject = await createSubject(target());
    const answer = await subject.jsonPatch([{ op: 'replace', path: '/metadata/name', value: 'other' }]);
    expectFailure(
      answer,
      400,
      'BadRequest',
      'the name of the object (other) does not match the name on the URL (subject)',
    );
  });

  it('a result with a duplicate list-map key: 422 FieldValueDuplicate (apply answers 500)', async () => {
    const subject = await createSubject(target());
    const backends = [{ name: 'a' }, { name: 'a' }];
    const status = { discoveredBackends: backends, conditions: [condition('A'), condition('A')] };
    const answer = await subject.jsonPatch([{ op: 'add', path: '/status', value: status }]);
    expectFailure(answer, 422, 'Invalid', 'Duplicate value: {"name":"a"}', [
      {
        reason: 'FieldValueDuplicate',
        field: 'status.discoveredBackends[1]',
        message: 'Duplicate value: {"name":"a"}',
      },
      {
        reason: 'FieldValueDuplicate',
        field: 'status.conditions[1]',
        message: 'Duplicate value: {"type":"A"}',
      },
    ]);
  });

  it('removing /status removes it; removing /status/phase makes it the default', async () => {
    const subject = await createSubject(target());
    expectOk(await subject.mergePatch({ status: { phase: 'Ready', message: 'm' } }));
    const defaulted = expectOk(await subject.jsonPatch([{ op: 'remove', path: '/status/phase' }]));
    expect(defaulted.status).toEqual({ phase: 'Pending', message: 'm' });
    expect(expectOk(await subject.jsonPatch([{ op: 'remove', path: '/status' }]))).not.toHaveProperty(
      'status',
    );
  });

  it('of an absent object: 404', async () => {
    const namespace = await target().namespace();
    const answer = await target().request('PATCH', `${collection(namespace)}/absent/status`, {
      headers: { 'content-type': mediaType.jsonPatch },
      body: [],
    });
    expectFailure(answer, 404, 'NotFound', '"absent" not found');
  });
}
