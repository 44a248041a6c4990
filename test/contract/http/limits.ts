// How large a status may get. What counts is what is stored: the object with its managedFields.
import { expect, it } from 'vitest';
import type { Target } from '../target.ts';
import {
  collection,
  createSubject,
  expectFailure,
  expectOk,
  mediaType,
  virtualMcpServer,
} from './subject.ts';

/** Small backends whose JSON adds up to about this many bytes; managedFields add half of it again. */
function statusOf(bytes: number): any {
  const backend = (index: number) => ({
    name: `backend-${String(index).padStart(6, '0')}`,
    url: `http://backend-${index}.example.com/mcp`,
    status: 'ready',
    authType: 'unauthenticated',
    lastHealthCheck: '2026-01-01T00:00:00Z',
    message: 'm'.repeat(60),
  });
  const each = JSON.stringify(backend(1000)).length + 1;
  return {
    phase: 'Ready',
    discoveredBackends: Array.from({ length: Math.floor(bytes / each) }, (_, i) => backend(i)),
  };
}

const mebibyte = 1_048_576;

export function limitCases(target: () => Target): void {
  it('a status of 0.9 MB is stored', { timeout: 60_000 }, async () => {
    const subject = await createSubject(target());
    const status = statusOf(900_000);
    const object = expectOk(await subject.apply(status));
    expect(object.status.discoveredBackends).toHaveLength(status.discoveredBackends.length);
    expect(JSON.stringify(object).length).toBeGreaterThan(1_200_000);
    expect(JSON.stringify(object).length).toBeLessThan(1_500_000);
  });

  it('1.2 MB: 500 "etcdserver: request is too large" without reason, the object stays', {
    timeout: 60_000,
  }, async () => {
    const subject = await createSubject(target());
    const answer = await subject.apply(statusOf(1_200_000));
    expectFailure(answer, 500, undefined, 'etcdserver: request is too large');
    expect(answer.json).not.toHaveProperty('details');
    expect(await subject.get()).toEqual(subject.created);
  });

  it('1.8 MB: 500 ResourceExhausted without reason', { timeout: 60_000 }, async () => {
    const subject = await createSubject(target());
    const answer = await subject.apply(statusOf(1_800_000));
    expectFailure(answer, 500, undefined, [
      'rpc error: code = ResourceExhausted desc = trying to send message larger than max (',
      'vs. 2097152)',
    ]);
  });

  it('the two errors meet at 1.5 and 2 MiB of stored object', { timeout: 60_000 }, async () => {
    const subject = await createSubject(target());
    const text = (bytes: number) => subject.mergePatch({ status: { message: 'x'.repeat(bytes) } });
    expectOk(await text(1.5 * mebibyte - 5_000));
    expectFailure(await text(1.5 * mebibyte + 5_000), 500, undefined, 'etcdserver: request is too large');
    expectFailure(await text(2 * mebibyte - 5_000), 500, undefined, 'etcdserver: request is too large');
    expectFailure(await text(2 * mebibyte + 5_000), 500, undefined, 'ResourceExhausted');
  });

  it('a body beyond 3 MiB: 413 RequestEntityTooLarge, by every verb', { timeout: 60_000 }, async () => {
    const subject = await createSubject(target());
    const message = 'x'.repeat(3 * mebibyte);
    const answers = [
      await subject.apply({ message }),
      await subject.mergePatch({ status: { message } }),
      await subject.jsonPatch([{ op: 'add', path: '/status', value: { message } }]),
      await subject.putStatus({ message }),
      await target().request('POST', collection(subject.namespace), {
        body: virtualMcpServer('large', { metadata: { name: 'large', annotations: { message } } }),
      }),
    ];
    for (const answer of answers) {
      expectFailure(answer, 413, 'RequestEntityTooLarge', 'Request entity too large: limit is 3145728');
    }
  });

  it('annotations of more than 256 KiB: 422', async () => {
    const subject = await createSubject(target());
    const body = { metadata: { annotations: { a: 'x'.repeat(262_145) } } };
    const answer = await target().request('PATCH', subject.path, {
      headers: { 'content-type': mediaType.merge },
      body,
    });
    expectFailure(
      answer,
      422,
      'Invalid',
      'metadata.annotations: Too long: may not be more than 262144 bytes',
    );
  });
}
