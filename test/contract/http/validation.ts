// What the definition's schema demands of a status.
import { expect, it } from 'vitest';
import type { Target } from '../target.ts';
import { condition, createSubject, expectFailure, expectOk, virtualMcpServer } from './subject.ts';

export function validationCases(target: () => Target): void {
  /** Sends the status as a merge patch and expects a 422 with exactly these causes (and the closing one). */
  async function rejects(
    status: unknown,
    causes: { reason: string; field: string; message?: string }[],
  ): Promise<void> {
    const subject = await createSubject(target());
    const answer = await subject.mergePatch({ status });
    expectFailure(
      answer,
      422,
      'Invalid',
      'VirtualMCPServer.toolhive.stacklok.dev "subject" is invalid: ',
      causes,
    );
    const fields = answer.json.details.causes.map((cause: any) => cause.field);
    expect(fields.filter((field: string) => field !== '<nil>').sort()).toEqual(
      causes.map(cause => cause.field).sort(),
    );
    expect(answer.json.details).toMatchObject({
      name: 'subject',
      group: 'toolhive.stacklok.dev',
      kind: 'VirtualMCPServer',
    });
    expect(await subject.get()).toEqual(subject.created);
  }

  it('enum: phase, condition status, circuitBreakerState', async () => {
    await rejects(
      {
        phase: 'Nope',
        conditions: [condition('A', { status: 'Maybe' })],
        discoveredBackends: [{ name: 'a', circuitBreakerState: 'ajar' }],
      },
      [
        {
          reason: 'FieldValueNotSupported',
          field: 'status.phase',
          message: 'Unsupported value: "Nope": supported values: "Pending", "Ready", "Degraded", "Failed"',
        },
        {
          reason: 'FieldValueNotSupported',
          field: 'status.conditions[0].status',
          message: 'Unsupported value: "Maybe": supported values: "True", "False", "Unknown"',
        },
        {
          reason: 'FieldValueNotSupported',
          field: 'status.discoveredBackends[0].circuitBreakerState',
          message: 'Unsupported value: "ajar": supported values: "closed", "open", "half-open"',
        },
      ],
    );
  });

  it('pattern: condition type and reason', async () => {
    await rejects({ conditions: [condition('not a type', { reason: '1-starts-with-a-digit' })] }, [
      { reason: 'FieldValueInvalid', field: 'status.conditions[0].type' },
      { reason: 'FieldValueInvalid', field: 'status.conditions[0].reason' },
    ]);
  });

  it('length: condition type 316, reason 1 to 1,024, message 32,768', async () => {
    const longest = { reason: 'R'.repeat(1024), message: 'm'.repeat(32_768) };
    const subject = await createSubject(target());
    expectOk(await subject.mergePatch({ status: { conditions: [condition('t'.repeat(316), longest)] } }));
    await rejects(
      { conditions: [condition('t'.repeat(317), { reason: 'R'.repeat(1025), message: 'm'.repeat(32_769) })] },
      [
        {
          reason: 'FieldValueTooLong',
          field: 'status.conditions[0].type',
          message: 'Too long: may not be more than 316 bytes',
        },
        {
          reason: 'FieldValueTooLong',
          field: 'status.conditions[0].reason',
          message: 'Too long: may not be more than 1024 bytes',
        },
        {
          reason: 'FieldValueTooLong',
          field: 'status.conditions[0].message',
          message: 'Too long: may not be more than 32768 bytes',
        },
      ],
    );
  });

  it('required: every member of a condition, the name of a backend', async () => {
    await rejects({ conditions: [{ type: 'A' }], discoveredBackends: [{ url: 'http://a' }] }, [
      {
        reason: 'FieldValueRequired',
        field: 'status.conditions[0].lastTransitionTime',
        message: 'Required value',
      },
      { reason: 'FieldValueRequired', field: 'status.conditions[0].message', message: 'Required value' },
      { reason: 'FieldValueRequired', field: 'status.conditions[0].reason', message: 'Required value' },
      { reason: 'FieldValueRequired', field: 'status.conditions[0].status', message: 'Required value' },
      { reason: 'FieldValueRequired', field: 'status.discoveredBackends[0].name', message: 'Required value' },
    ]);
  });

  it('type: text for a number, a number for text, an object for a list', async () => {
    await rejects({ backendCount: 'three', message: 1, discoveredBackends: {} }, [
      { reason: 'FieldValueTypeInvalid', field: 'status.backendCount' },
      { reason: 'FieldValueTypeInvalid', field: 'status.message' },
      { reason: 'FieldValueTypeInvalid', field: 'status.discoveredBackends' },
    ]);
  });

  it('format: times are RFC 3339 as the server reads it', async () => {
    const at = (times: string[]) =>
      times.map((time, index) => ({ name: `b${index}`, lastHealthCheck: time }));
    const good = [
      '2026-01-01T00:00:00Z',
      '2026-01-01T02:00:00.123+02:00',
      '2026-01-01t00:00:00z',
      '2026-01-01T00:00:00,5Z',
    ];
    const subject = await createSubject(target());
    expectOk(await subject.mergePatch({ status: { discoveredBackends: at(good) } }));
    const bad = [
      'yesterday',
      '2026-01-01',
      '2026-01-01 00:00:00Z',
      '2026-01-01T00:00:00',
      '2026-01-01T00:00Z',
      '2026-01-01T00:00:00+0200',
      '2026-01-01T00:00:60Z',
      '2026-01-01T24:00:00Z',
      '2026-02-30T00:00:00Z',
    ];
    const causes = bad.map((time, index) => ({
      reason: 'FieldValueTypeInvalid',
      field: `status.discoveredBackends[${index}].lastHealthCheck`,
      message: `Invalid value: "${time}": discoveredBackends[${index}].lastHealthCheck in body must be of type date-time: "${time}"`,
    }));
    await rejects({ discoveredBackends: at(bad) }, causes);
  });

  it('times are kept as they were written: fractions and offsets too', async () => {
    const subject = await createSubject(target());
    const conditions = [condition('A', { lastTransitionTime: '2026-01-01T02:00:00.123+02:00' })];
    expect(expectOk(await subject.mergePatch({ status: { conditions } })).status.conditions).toEqual(
      conditions,
    );
  });

  it('minimum: observedGeneration of a condition', async () => {
    await rejects({ conditions: [condition('A', { observedGeneration: -1 })] }, [
      { reason: 'FieldValueInvalid', field: 'status.conditions[0].observedGeneration' },
    ]);
  });

  it('integers: 1.0 is one, 1.5 is none, and int32 has a limit that is reported on the parent', async () => {
    const subject = await createSubject(target());
    const status = { backendCount: 2_147_483_647, observedGeneration: Number.MAX_SAFE_INTEGER };
    expect(expectOk(await subject.mergePatch({ status })).status).toMatchObject(status);
    expect(expectOk(await subject.mergePatch('{"status":{"backendCount":1.0}}')).status.backendCount).toBe(1);
    const limit = {
      reason: 'FieldValueInvalid',
      field: 'status',
      message: 'Invalid value: "": Checked value must be of type integer with format int32 in backendCount',
    };
    await rejects({ backendCount: 2_147_483_648 }, [limit]);
    await rejects({ backendCount: 1.5 }, [
      { reason: 'FieldValueTypeInvalid', field: 'status.backendCount' },
      limit,
    ]);
  });

  it('spec: a required member that is missing: 422 on POST', async () => {
    const namespace = await target().namespace();
    const path = `/apis/toolhive.stacklok.dev/v1beta1/namespaces/${namespace}/virtualmcpservers`;
    const body = virtualMcpServer('made', { spec: { groupRef: { name: 'g' } } });
    expectFailure(
      await target().request('POST', path, { body }),
      422,
      'Invalid',
      'spec.incomingAuth: Required value',
      [{ reason: 'FieldValueRequired', field: 'spec.incomingAuth' }],
    );
  });

  it('a status without phase gets the default Pending; an empty one too', async () => {
    const subject = await createSubject(target());
    expect(expectOk(await subject.mergePatch({ status: { message: 'm' } })).status).toEqual({
      phase: 'Pending',
      message: 'm',
    });
    const empty = await createSubject(target());
    expect(expectOk(await empty.putStatus({})).status).toEqual({ phase: 'Pending' });
  });

  it('null in PUT and JSON patch counts as left out; an apply of null: 422, or the default where there is one', async () => {
    const subject = await createSubject(target());
    const replaced = await subject.putStatus({ phase: null, message: null, url: 'http://u' });
    expect(expectOk(replaced).status).toEqual({ phase: 'Pending', url: 'http://u' });
    const value = { phase: 'Ready', message: null };
    const patched = await subject.jsonPatch([{ op: 'replace', path: '/status', value }]);
    expect(expectOk(patched).status).toEqual({ phase: 'Ready' });
    expectFailure(await subject.apply({ message: null }), 422, 'Invalid', 'must be of type string: "null"', [
      { reason: 'FieldValueTypeInvalid', field: 'status.message' },
    ]);
    expect(expectOk(await subject.apply({ phase: null })).status.phase).toBe('Pending');
  });
}
