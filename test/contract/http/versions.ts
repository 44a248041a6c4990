// The deprecated v1alpha1 beside v1beta1: two views of the same object.
import { expect, it } from 'vitest';
import type { Target } from '../target.ts';
import {
  beta,
  collection,
  createSubject,
  entriesOf,
  expectFailure,
  expectOk,
  mediaType,
  type Subject,
} from './subject.ts';

const alpha = 'toolhive.stacklok.dev/v1alpha1';
const deprecation = '299 - "toolhive.stacklok.dev/v1alpha1 is deprecated; use v1beta1"';

export function versionCases(target: () => Target): void {
  const alphaPath = (subject: Subject) => `${collection(subject.namespace, 'v1alpha1')}/subject`;
  const applyAlpha = (subject: Subject, status: unknown, apiVersion = alpha) =>
    target().request('PATCH', `${alphaPath(subject)}/status?fieldManager=tester&force=true`, {
      headers: { 'content-type': mediaType.apply },
      body: { apiVersion, kind: 'VirtualMCPServer', metadata: { name: 'subject' }, status },
    });

  it('GET through v1alpha1: the same object with a Warning header', async () => {
    const subject = await createSubject(target());
    const answer = await target().request('GET', alphaPath(subject));
    expect(expectOk(answer)).toEqual({ ...subject.created, apiVersion: alpha });
    expect(answer.headers['warning']).toBe(deprecation);
    expect((await target().request('GET', subject.path)).headers).not.toHaveProperty('warning');
  });

  it('a failure through v1alpha1 warns too', async () => {
    const namespace = await target().namespace();
    const answer = await target().request('GET', `${collection(namespace, 'v1alpha1')}/absent`);
    expectFailure(answer, 404, 'NotFound', '"absent" not found');
    expect(answer.headers['warning']).toBe(deprecation);
  });

  it('apply through v1alpha1: 200 with a Warning; managedFields carry v1alpha1', async () => {
    const subject = await createSubject(target());
    const answer = await applyAlpha(subject, { phase: 'Ready' });
    expect(expectOk(answer)).toMatchObject({ apiVersion: alpha, status: { phase: 'Ready' } });
    expect(answer.headers['warning']).toBe(deprecation);
    const object = await subject.get();
    expect(object).toMatchObject({ apiVersion: beta, status: { phase: 'Ready' } });
    expect(entriesOf(object, 'tester')).toMatchObject([
      { operation: 'Apply', apiVersion: alpha, subresource: 'status' },
    ]);
  });

  it('the same manager’s apply through v1beta1 continues the one of v1alpha1: nothing is left behind', async () => {
    const subject = await createSubject(target());
    expectOk(await applyAlpha(subject, { phase: 'Ready', message: 'm' }));
    const object = expectOk(await subject.apply({ phase: 'Ready' }));
    expect(object.status).toEqual({ phase: 'Ready' });
    expect(entriesOf(object, 'tester')).toMatchObject([{ operation: 'Apply', apiVersion: beta }]);
  });

  it('a body of the other version: 400', async () => {
    const subject = await createSubject(target());
    expectFailure(
      await applyAlpha(subject, { phase: 'Ready' }, beta),
      400,
      'BadRequest',
      `invalid object type: ${beta}`,
    );
  });

  it('a resourceVersion is the same through both', async () => {
    const subject = await createSubject(target());
    const answer = await target().request('PUT', `${alphaPath(subject)}/status`, {
      body: { ...subject.created, apiVersion: alpha, status: { phase: 'Ready' } },
    });
    expect(expectOk(answer).metadata.resourceVersion).toBe((await subject.get()).metadata.resourceVersion);
  });
}
