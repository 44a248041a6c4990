// Objects as a whole: create, get, list, delete; identity, generation and versions.
import { expect, it } from 'vitest';
import type { Target } from '../target.ts';
import { collection, createSubject, expectFailure, expectOk, virtualMcpServer } from './subject.ts';

const uidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export function objectCases(target: () => Target): void {
  it('POST creates with uid, generation 1, resourceVersion and creationTimestamp', async () => {
    const namespace = await target().namespace();
    const object = expectOk(
      await target().request('POST', collection(namespace), { body: virtualMcpServer('made') }),
      201,
    );
    expect(object).toMatchObject({ apiVersion: 'toolhive.stacklok.dev/v1beta1', kind: 'VirtualMCPServer' });
    expect(object.metadata).toMatchObject({ name: 'made', namespace, generation: 1 });
    expect(object.metadata.uid).toMatch(uidPattern);
    expect(object.metadata.resourceVersion).toMatch(/^[1-9]\d*$/);
    expect(object.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it('POST drops a status', async () => {
    const namespace = await target().namespace();
    const body = virtualMcpServer('made', { status: { phase: 'Ready' } });
    const object = expectOk(await target().request('POST', collection(namespace), { body }), 201);
    expect(object).not.toHaveProperty('status');
  });

  it('POST of an existing name: 409 AlreadyExists', async () => {
    const subject = await createSubject(target());
    const answer = await target().request('POST', collection(subject.namespace), {
      body: virtualMcpServer(),
    });
    expectFailure(
      answer,
      409,
      'AlreadyExists',
      'virtualmcpservers.toolhive.stacklok.dev "subject" already exists',
    );
    expect(answer.json.details).toEqual({
      name: 'subject',
      group: 'toolhive.stacklok.dev',
      kind: 'virtualmcpservers',
    });
  });

  it('POST with a resourceVersion: 500 without reason', async () => {
    const namespace = await target().namespace();
    const body = virtualMcpServer('made', { metadata: { name: 'made', resourceVersion: '1' } });
    const answer = await target().request('POST', collection(namespace), { body });
    expectFailure(answer, 500, undefined, 'resourceVersion should not be set on objects to be created');
  });

  it('POST without a name: 422, with generateName: a name', async () => {
    const namespace = await target().namespace();
    const nameless = virtualMcpServer('x', { metadata: {} });
    const refused = await target().request('POST', collection(namespace), { body: nameless });
    expectFailure(refused, 422, 'Invalid', 'name or generateName is required', [
      { reason: 'FieldValueRequired', field: 'metadata.name' },
    ]);
    const generated = virtualMcpServer('x', { metadata: { generateName: 'gen-' } });
    const object = expectOk(await target().request('POST', collection(namespace), { body: generated }), 201);
    expect(object.metadata.name).toMatch(/^gen-[a-z0-9]{5}$/);
  });

  it('POST of a name that is no RFC 1123 subdomain: 422', async () => {
    const namespace = await target().namespace();
    const answer = await target().request('POST', collection(namespace), {
      body: virtualMcpServer('Bad_Name'),
    });
    expectFailure(answer, 422, 'Invalid', 'a lowercase RFC 1123 subdomain must consist of', [
      { reason: 'FieldValueInvalid', field: 'metadata.name' },
    ]);
  });

  it('POST with another kind: 422; with another version or namespace: 400', async () => {
    const namespace = await target().namespace();
    const post = (extra: Record<string, unknown>) =>
      target().request('POST', collection(namespace), { body: virtualMcpServer('made', extra) });
    expectFailure(
      await post({ kind: 'Foo' }),
      422,
      'Invalid',
      'Invalid value: "Foo": must be VirtualMCPServer',
    );
    const version = await post({ apiVersion: 'toolhive.stacklok.dev/v1' });
    expectFailure(
      version,
      400,
      'BadRequest',
      'does not match the expected API version (toolhive.stacklok.dev/v1beta1)',
    );
    const elsewhere = await post({ metadata: { name: 'made', namespace: 'elsewhere' } });
    expectFailure(
      elsewhere,
      400,
      'BadRequest',
      'the namespace of the provided object does not match the namespace sent',
    );
    expectFailure(await post({ kind: undefined }), 400, 'BadRequest', "Object 'Kind' is missing");
  });

  it('POST of broken JSON: 400; of an unknown media type: 415', async () => {
    const namespace = await target().namespace();
    const broken = await target().request('POST', collection(namespace), { body: '{' });
    expectFailure(broken, 400, 'BadRequest', 'the object provided is unrecognized');
    const headers = { 'content-type': 'text/plain' };
    const text = await target().request('POST', collection(namespace), { body: '{}', headers });
    expectFailure(text, 415, 'UnsupportedMediaType', [
      'the body of the request was in an unknown format - accepted media types include: application/json',
    ]);
  });

  it('POST in a namespace that does not exist: 404', async () => {
    const answer = await target().request('POST', collection('no-such-namespace'), {
      body: virtualMcpServer('made'),
    });
    expectFailure(answer, 404, 'NotFound', 'namespaces "no-such-namespace" not found');
  });

  it('POST with dryRun=All answers 201 and stores nothing', async () => {
    const namespace = await target().namespace();
    const body = virtualMcpServer('dry');
    const object = expectOk(
      await target().request('POST', `${collection(namespace)}?dryRun=All`, { body }),
      201,
    );
    expect(object.metadata.uid).toMatch(uidPattern);
    expect(object.metadata).not.toHaveProperty('resourceVersion');
    expect((await target().request('GET', `${collection(namespace)}/dry`)).status).toBe(404);
  });

  it('GET of an absent object: 404 NotFound with name, group and plural', async () => {
    const namespace = await target().namespace();
    const answer = await target().request('GET', `${collection(namespace)}/absent`);
    expectFailure(answer, 404, 'NotFound', 'virtualmcpservers.toolhive.stacklok.dev "absent" not found');
    expect(answer.json.details).toEqual({
      name: 'absent',
      group: 'toolhive.stacklok.dev',
      kind: 'virtualmcpservers',
    });
    expect(answer.headers['content-type']).toContain('application/json');
  });

  it('GET of /status is GET of the object', async () => {
    const subject = await createSubject(target());
    const status = expectOk(await target().request('GET', subject.statusPath));
    expect(status).toEqual(await subject.get());
  });

  it('DELETE answers a Success Status with the uid, then 404', async () => {
    const subject = await createSubject(target());
    const answer = expectOk(await target().request('DELETE', subject.path));
    expect(answer).toMatchObject({ kind: 'Status', status: 'Success' });
    expect(answer.details).toEqual({
      name: 'subject',
      group: 'toolhive.stacklok.dev',
      kind: 'virtualmcpservers',
      uid: subject.created.metadata.uid,
    });
    expectFailure(await target().request('DELETE', subject.path), 404, 'NotFound', '"subject" not found');
  });

  it('DELETE with a precondition on another uid or resourceVersion: 409', async () => {
    const subject = await createSubject(target());
    const remove = (preconditions: Record<string, string>) =>
      target().request('DELETE', subject.path, {
        body: { kind: 'DeleteOptions', apiVersion: 'v1', preconditions },
      });
    expectFailure(
      await remove({ uid: 'other' }),
      409,
      'Conflict',
      'the UID in the precondition (other) does not match',
    );
    expectFailure(
      await remove({ resourceVersion: '1' }),
      409,
      'Conflict',
      'the ResourceVersion in the precondition (1)',
    );
    expectOk(await remove({ uid: subject.created.metadata.uid }));
  });

  it('DELETE with dryRun=All keeps the object', async () => {
    const subject = await createSubject(target());
    expectOk(await target().request('DELETE', `${subject.path}?dryRun=All`));
    expect(await subject.get()).toEqual(subject.created);
  });

  it('a recreated object has another uid, generation 1 and a greater resourceVersion', async () => {
    const subject = await createSubject(target());
    await target().request('DELETE', subject.path);
    const answer = await target().request('POST', collection(subject.namespace), {
      body: virtualMcpServer(),
    });
    const again = expectOk(answer, 201);
    expect(again.metadata.uid).not.toBe(subject.created.metadata.uid);
    expect(again.metadata.generation).toBe(1);
    expect(Number(again.metadata.resourceVersion)).toBeGreaterThan(
      Number(subject.created.metadata.resourceVersion),
    );
  });

  it('a spec change bumps generation and resourceVersion, a status change only the latter', async () => {
    const subject = await createSubject(target());
    const specified = expectOk(
      await target().request('PATCH', subject.path, {
        headers: { 'content-type': 'application/merge-patch+json' },
        body: { spec: { replicas: 2 } },
      }),
    );
    expect(specified.metadata.generation).toBe(2);
    expect(specified.metadata.resourceVersion).not.toBe(subject.created.metadata.resourceVersion);
    const reported = expectOk(await subject.mergePatch({ status: { phase: 'Ready' } }));
    expect(reported.metadata.generation).toBe(2);
    expect(reported.metadata.resourceVersion).not.toBe(specified.metadata.resourceVersion);
  });

  it('a label change bumps resourceVersion only', async () => {
    const subject = await createSubject(target());
    const answer = await target().request('PATCH', subject.path, {
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { metadata: { labels: { team: 'a' } } },
    });
    const object = expectOk(answer);
    expect(object.metadata).toMatchObject({ generation: 1, labels: { team: 'a' } });
    expect(object.metadata.resourceVersion).not.toBe(subject.created.metadata.resourceVersion);
  });

  it('POST and DELETE on /status: 405', async () => {
    const subject = await createSubject(target());
    const created = await target().request('POST', subject.statusPath, { body: virtualMcpServer() });
    expectFailure(created, 405, 'MethodNotAllowed', 'create is not supported on resources of kind');
    const deleted = await target().request('DELETE', subject.statusPath);
    expectFailure(deleted, 405, 'MethodNotAllowed', 'delete is not supported on resources of kind');
  });
}
