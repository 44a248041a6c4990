// Fields that the definition does not know, by every verb but apply (see apply-errors.ts), and `fieldValidation`.
import { expect, it } from 'vitest';
import type { Target } from '../target.ts';
import { createSubject, expectFailure, expectOk, virtualMcpServer } from './subject.ts';

export function unknownFieldCases(target: () => Target): void {
  it('unknown fields are pruned with a Warning: merge patch, JSON patch, PUT', async () => {
    const subject = await createSubject(target());
    const bogus = [{ op: 'add', path: '/status/bogus', value: 1 }];
    const patches = [
      () => subject.mergePatch({ status: { phase: 'Ready', bogus: 1 } }),
      () => subject.jsonPatch(bogus),
      () => subject.putStatus({ phase: 'Ready', bogus: 1 }),
    ];
    for (const send of patches) {
      const answer = await send();
      expect(expectOk(answer).status).toEqual({ phase: 'Ready' });
      expect(answer.headers['warning']).toBe('299 - "unknown field \\"status.bogus\\""');
    }
  });

  it('unknown fields with fieldValidation=Ignore: pruned without a Warning', async () => {
    const subject = await createSubject(target());
    const answer = await subject.mergePatch(
      { status: { phase: 'Ready', bogus: 1 } },
      { query: 'fieldValidation=Ignore' },
    );
    expect(expectOk(answer).status).toEqual({ phase: 'Ready' });
    expect(answer.headers).not.toHaveProperty('warning');
  });

  it('unknown fields with fieldValidation=Strict: PUT 400, patches 422', async () => {
    const subject = await createSubject(target());
    const query = 'fieldValidation=Strict';
    const status = { bogus: 1, discoveredBackends: [{ name: 'a', other: 1 }] };
    expectFailure(await subject.putStatus(status, { query }), 400, 'BadRequest', [
      'VirtualMCPServer in version "v1beta1" cannot be handled as a VirtualMCPServer: strict decoding error: ',
      'unknown field "status.bogus", unknown field "status.discoveredBackends[0].other"',
    ]);
    for (const answer of [
      await subject.mergePatch({ status }, { query }),
      await subject.jsonPatch([{ op: 'add', path: '/status', value: status }], { query }),
    ]) {
      expectFailure(
        answer,
        422,
        'Invalid',
        ['patch: Invalid value: ', 'strict decoding error: unknown field "status.bogus"'],
        [{ reason: 'FieldValueInvalid', field: 'patch' }],
      );
    }
    expect(await subject.get()).toEqual(subject.created);
  });

  it('an unknown fieldValidation or dryRun value: 422', async () => {
    const subject = await createSubject(target());
    const validation = await subject.mergePatch({}, { query: 'fieldValidation=Foo' });
    expectFailure(validation, 422, 'Invalid', 'supported values: "", "Ignore", "Strict", "Warn"', [
      { reason: 'FieldValueNotSupported', field: 'fieldValidation' },
    ]);
    const dryRun = await subject.mergePatch({}, { query: 'dryRun=Some' });
    expectFailure(dryRun, 422, 'Invalid', 'supported values: "All"', [
      { reason: 'FieldValueNotSupported', field: 'dryRun' },
    ]);
  });

  it('a member twice in the JSON: the last one wins, with a Warning; Strict: 400', async () => {
    const subject = await createSubject(target());
    const { resourceVersion } = subject.created.metadata;
    const body = JSON.stringify(
      virtualMcpServer('subject', {
        metadata: { name: 'subject', resourceVersion },
        status: { phase: 'Ready' },
      }),
    ).replace('"phase":"Ready"', '"phase":"Ready","phase":"Failed"');
    const strict = await target().request('PUT', `${subject.statusPath}?fieldValidation=Strict`, { body });
    expectFailure(strict, 400, 'BadRequest', 'strict decoding error: duplicate field "status.phase"');
    const warned = await target().request('PUT', subject.statusPath, { body });
    expect(expectOk(warned).status.phase).toBe('Failed');
    expect(warned.headers['warning']).toBe('299 - "duplicate field \\"status.phase\\""');
  });
}
