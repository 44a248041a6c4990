// Cheap reads: Table, PartialObjectMetadata, and what `resourceVersion` means on a GET and a list.
import { expect, it } from 'vitest';
import type { Target } from '../target.ts';
import {
  collection,
  createSubject,
  expectFailure,
  expectOk,
  keys,
  tableAccept,
  virtualMcpServer,
} from './subject.ts';

const farAhead = '999999999';
const partial = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

export function readCases(target: () => Target): void {
  it('Table: metadata.resourceVersion is the object’s, one row, the printer columns as cells', async () => {
    const subject = await createSubject(target());
    const written = expectOk(
      await subject.mergePatch({ status: { phase: 'Ready', url: 'http://u', backendCount: 3 } }),
    );
    const table = expectOk(await subject.table());
    expect(table).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
    expect(table.metadata).toEqual({ resourceVersion: written.metadata.resourceVersion });
    expect(keys(table.columnDefinitions)).toEqual(['Name', 'Phase', 'URL', 'Backends', 'Age', 'Ready']);
    expect(table.rows).toHaveLength(1);
    expect(table.rows[0].cells.slice(0, 4)).toEqual(['subject', 'Ready', 'http://u', 3]);
    expect(table.rows[0].object).toBeNull();
  });

  it('Table: includeObject decides about the row’s object; an unknown value is 400', async () => {
    const subject = await createSubject(target());
    const read = (query: string) =>
      target().request('GET', `${subject.path}${query}`, { headers: { accept: tableAccept } });
    expect(expectOk(await read('')).rows[0].object).toMatchObject({
      kind: 'PartialObjectMetadata',
      metadata: { name: 'subject' },
    });
    const whole = expectOk(await read('?includeObject=Object'));
    expect(whole.rows[0].object).toMatchObject({ kind: 'VirtualMCPServer', spec: subject.created.spec });
    expectFailure(
      await read('?includeObject=Foo'),
      400,
      'BadRequest',
      'Unable to convert to Table as requested',
    );
  });

  it('at 1, 50 and 1,000 backends a Table is near 1.2 KB; metadata and the object grow', {
    timeout: 60_000,
  }, async () => {
    const subject = await createSubject(target());
    for (const count of [1, 50, 1000]) {
      const backends = Array.from({ length: count }, (_, index) => ({
        name: `backend-${index}`,
        url: `http://backend-${index}.example.com/mcp`,
        status: 'ready',
        lastHealthCheck: '2026-01-01T00:00:00Z',
        message: 'healthy',
      }));
      expectOk(await subject.apply({ phase: 'Ready', discoveredBackends: backends }));
      const table = await subject.table();
      expect(table.text.length).toBeGreaterThan(800);
      expect(table.text.length).toBeLessThan(1_500);
      expect(table.json.metadata.resourceVersion).toBe((await subject.get()).metadata.resourceVersion);
    }
    const metadata = await target().request('GET', subject.path, { headers: { accept: partial } });
    expect(metadata.text.length).toBeGreaterThan(100_000);
    const object = await target().request('GET', subject.path);
    expect(object.text.length).toBeGreaterThan(1.5 * metadata.text.length);
  });

  it('Table of an absent object: 404 NotFound', async () => {
    const namespace = await target().namespace();
    const answer = await target().request('GET', `${collection(namespace)}/absent?includeObject=None`, {
      headers: { accept: tableAccept },
    });
    expectFailure(answer, 404, 'NotFound', '"absent" not found');
  });

  it('Table of /status and of a list', async () => {
    const subject = await createSubject(target());
    const headers = { accept: tableAccept };
    const status = expectOk(
      await target().request('GET', `${subject.statusPath}?includeObject=None`, { headers }),
    );
    expect(status.metadata.resourceVersion).toBe(subject.created.metadata.resourceVersion);
    const list = expectOk(
      await target().request('GET', `${collection(subject.namespace)}?includeObject=None`, { headers }),
    );
    expect(list.rows.map((row: any) => row.cells[0])).toEqual(['subject']);
    expect(Number(list.metadata.resourceVersion)).toBeGreaterThanOrEqual(
      Number(subject.created.metadata.resourceVersion),
    );
  });

  it('an Accept with a fallback: the first that the server knows is used; none: 406', async () => {
    const subject = await createSubject(target());
    const read = (accept: string) => target().request('GET', subject.path, { headers: { accept } });
    const unknownTable = tableAccept.replace('v=v1', 'v=v9');
    expect(expectOk(await read(`${unknownTable},application/json`)).kind).toBe('VirtualMCPServer');
    expect(expectOk(await read(`${tableAccept},application/json`)).kind).toBe('Table');
    expect(expectOk(await read('*/*')).kind).toBe('VirtualMCPServer');
    expectFailure(
      await read(unknownTable),
      406,
      'NotAcceptable',
      'only the following media types are accepted',
    );
    expectFailure(await read('text/html'), 406, 'NotAcceptable', 'application/json');
  });

  it('PartialObjectMetadata has the metadata, managedFields included, and nothing else', async () => {
    const subject = await createSubject(target());
    expectOk(await subject.apply({ phase: 'Ready' }));
    const object = await subject.get();
    const headers = { accept: partial };
    const metadata = expectOk(await target().request('GET', subject.path, { headers }));
    expect(Object.keys(metadata).sort()).toEqual(['apiVersion', 'kind', 'metadata']);
    expect(metadata).toMatchObject({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' });
    expect(metadata.metadata.resourceVersion).toBe(object.metadata.resourceVersion);
    expect(metadata.metadata.managedFields).toHaveLength(object.metadata.managedFields.length);
  });

  it('GET with resourceVersion 0, an old one or the current one: 200', async () => {
    const subject = await createSubject(target());
    const { resourceVersion } = subject.created.metadata;
    for (const version of ['0', '1', resourceVersion]) {
      const object = expectOk(await target().request('GET', `${subject.path}?resourceVersion=${version}`));
      expect(object.metadata.resourceVersion).toBe(resourceVersion);
    }
  });

  it('a Table read with resourceVersion=<last known> is never older than our own write', {
    timeout: 60_000,
  }, async () => {
    const subject = await createSubject(target());
    for (let round = 0; round < 60; round++) {
      const written = expectOk(await subject.mergePatch({ status: { message: `round ${round}` } }));
      const { resourceVersion } = written.metadata;
      const read = expectOk(await subject.table(`&resourceVersion=${resourceVersion}`));
      expect(read.metadata.resourceVersion).toBe(resourceVersion);
    }
  });

  it('a Table read with resourceVersion=0 may be older than our own write, never newer', async () => {
    const subject = await createSubject(target());
    for (let round = 0; round < 20; round++) {
      const written = expectOk(await subject.mergePatch({ status: { message: `round ${round}` } }));
      const read = expectOk(await subject.table('&resourceVersion=0'));
      expect(Number(read.metadata.resourceVersion)).toBeLessThanOrEqual(
        Number(written.metadata.resourceVersion),
      );
    }
  });

  it('a resourceVersion from the future: 504 Timeout with cause ResourceVersionTooLarge', {
    timeout: 60_000,
  }, async () => {
    const subject = await createSubject(target());
    const cause = { reason: 'ResourceVersionTooLarge', message: 'Too large resource version' };
    const object = await target().request('GET', `${subject.path}?resourceVersion=${farAhead}`);
    expectFailure(object, 504, 'Timeout', `Timeout: Too large resource version: ${farAhead}, current: `, [
      cause,
    ]);
    expect(object.json.details.retryAfterSeconds).toBe(1);
    expect(object.headers['retry-after']).toBe('1');
    expectFailure(await subject.table(`&resourceVersion=${farAhead}`), 504, 'Timeout', 'Too large', [cause]);
  });

  it('a resourceVersion that is no number: 500 without reason', async () => {
    const subject = await createSubject(target());
    const answer = await target().request('GET', `${subject.path}?resourceVersion=abc`);
    expectFailure(answer, 500, undefined, 'resourceVersion: Invalid value: "abc"');
  });

  it('a list has items, a resourceVersion and kind VirtualMCPServerList', async () => {
    const subject = await createSubject(target());
    await target().request('POST', collection(subject.namespace), { body: virtualMcpServer('another') });
    const list = expectOk(await target().request('GET', collection(subject.namespace)));
    expect(list).toMatchObject({ kind: 'VirtualMCPServerList', apiVersion: 'toolhive.stacklok.dev/v1beta1' });
    expect(list.items.map((item: any) => item.metadata.name)).toEqual(['another', 'subject']);
    expect(list.items[1]).toEqual(subject.created);
    expect(Number(list.metadata.resourceVersion)).toBeGreaterThan(
      Number(subject.created.metadata.resourceVersion),
    );
  });

  it('a list with limit continues with `continue` and counts what remains', async () => {
    const subject = await createSubject(target());
    await target().request('POST', collection(subject.namespace), { body: virtualMcpServer('zzz') });
    const first = expectOk(await target().request('GET', `${collection(subject.namespace)}?limit=1`));
    expect(first.items.map((item: any) => item.metadata.name)).toEqual(['subject']);
    expect(first.metadata.remainingItemCount).toBe(1);
    const rest = `${collection(subject.namespace)}?limit=1&continue=${encodeURIComponent(first.metadata.continue)}`;
    const second = expectOk(await target().request('GET', rest));
    expect(second.items.map((item: any) => item.metadata.name)).toEqual(['zzz']);
    expect(second.metadata.continue).toBe('');
  });

  it('lists select by label and by metadata.name, and refuse other fields', async () => {
    const subject = await createSubject(target());
    const body = virtualMcpServer('labelled', { metadata: { name: 'labelled', labels: { team: 'a' } } });
    await target().request('POST', collection(subject.namespace), { body });
    const names = async (query: string) =>
      expectOk(await target().request('GET', `${collection(subject.namespace)}?${query}`)).items.map(
        (item: any) => item.metadata.name,
      );
    expect(await names('labelSelector=team%3Da')).toEqual(['labelled']);
    expect(await names('labelSelector=team!%3Da')).toEqual(['subject']);
    expect(await names('labelSelector=!team')).toEqual(['subject']);
    expect(await names('labelSelector=team%20in%20(a,b)')).toEqual(['labelled']);
    expect(await names('fieldSelector=metadata.name%3Dsubject')).toEqual(['subject']);
    const refused = await target().request(
      'GET',
      `${collection(subject.namespace)}?fieldSelector=status.phase%3DReady`,
    );
    expectFailure(refused, 400, 'BadRequest', 'field label not supported: status.phase');
  });

  it('a list across namespaces contains the object', async () => {
    const subject = await createSubject(target());
    const all = '/apis/toolhive.stacklok.dev/v1beta1/virtualmcpservers';
    const list = expectOk(
      await target().request('GET', `${all}?fieldSelector=metadata.namespace%3D${subject.namespace}`),
    );
    expect(list.items).toEqual([subject.created]);
  });
}
