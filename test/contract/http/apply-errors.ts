// How server-side apply on /status refuses. Several of its errors are 500s that no retry will cure.
import { expect, it } from 'vitest';
import type { Target } from '../target.ts';
import { beta, condition, createSubject, expectFailure, expectOk, mediaType, subjectOf } from './subject.ts';

const report = {
  phase: 'Ready',
  message: 'all backends are routable',
  backendCount: 1,
  conditions: [condition('Ready')],
  discoveredBackends: [{ name: 'a', status: 'ready', url: 'http://a' }],
};

export function applyErrorCases(target: () => Target): void {
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
}
