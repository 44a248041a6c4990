// Watch: a stream of JSON lines that the server ends after `timeoutSeconds`.
import { expect, it } from 'vitest';
import type { Target } from '../target.ts';
import {
  beta,
  collection,
  createSubject,
  expectFailure,
  expectOk,
  mediaType,
  type Subject,
  tableAccept,
  virtualMcpServer,
} from './subject.ts';

interface WatchEvent {
  type: string;
  object: any;
}

export function watchCases(target: () => Target): void {
  const settle = () => new Promise(resolve => setTimeout(resolve, 300));
  const listVersion = async (subject: Subject): Promise<string> =>
    expectOk(await target().request('GET', collection(subject.namespace))).metadata.resourceVersion;

  async function watch(
    subject: Subject,
    query: string,
    headers: Record<string, string> = {},
  ): Promise<WatchEvent[]> {
    const path = `${collection(subject.namespace)}?watch=true&${query}`;
    const answer = await target().request('GET', path, { headers });
    expect(answer.status, answer.text).toBe(200);
    return answer.text
      .split('\n')
      .filter(line => line !== '')
      .map(line => JSON.parse(line));
  }

  it('from a list’s resourceVersion: what happened since, in order, each with its own resourceVersion', async () => {
    const subject = await createSubject(target());
    const from = await listVersion(subject);
    const watching = watch(subject, `timeoutSeconds=4&resourceVersion=${from}`);
    await settle();
    await target().request('POST', collection(subject.namespace), { body: virtualMcpServer('other') });
    const changed = expectOk(await subject.mergePatch({ status: { phase: 'Ready' } }));
    await target().request('DELETE', subject.path);
    const events = await watching;
    expect(events.map(event => [event.type, event.object.metadata.name])).toEqual([
      ['ADDED', 'other'],
      ['MODIFIED', 'subject'],
      ['DELETED', 'subject'],
    ]);
    expect(events[1]?.object).toEqual(changed);
    const versions = events.map(event => Number(event.object.metadata.resourceVersion));
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(new Set(versions).size).toBe(3);
  });

  it('changes made between the list and the watch are not lost', async () => {
    const subject = await createSubject(target());
    const from = await listVersion(subject);
    expectOk(await subject.mergePatch({ status: { phase: 'Ready' } }));
    const events = await watch(subject, `timeoutSeconds=2&resourceVersion=${from}`);
    expect(events.map(event => event.type)).toEqual(['MODIFIED']);
  });

  it('without a resourceVersion, or with 0: what exists comes first as ADDED', async () => {
    const subject = await createSubject(target());
    for (const query of ['timeoutSeconds=2', 'timeoutSeconds=2&resourceVersion=0']) {
      const events = await watch(subject, query);
      expect(events).toEqual([{ type: 'ADDED', object: subject.created }]);
    }
  });

  it('a write that changes nothing is no event', async () => {
    const subject = await createSubject(target());
    expectOk(await subject.apply({ phase: 'Ready' }));
    const from = await listVersion(subject);
    const watching = watch(subject, `timeoutSeconds=4&resourceVersion=${from}`);
    await settle();
    expectOk(await subject.apply({ phase: 'Ready' }));
    expectOk(await subject.mergePatch({}));
    expect(await watching).toEqual([]);
  });

  it('of one object by fieldSelector metadata.name', async () => {
    const subject = await createSubject(target());
    const from = await listVersion(subject);
    const query = `timeoutSeconds=4&resourceVersion=${from}&fieldSelector=metadata.name%3Dsubject`;
    const watching = watch(subject, query);
    await settle();
    await target().request('POST', collection(subject.namespace), { body: virtualMcpServer('other') });
    expectOk(await subject.mergePatch({ status: { phase: 'Ready' } }));
    expect((await watching).map(event => [event.type, event.object.metadata.name])).toEqual([
      ['MODIFIED', 'subject'],
    ]);
  });

  it('of a label: an object that starts or stops to match is ADDED or DELETED', async () => {
    const subject = await createSubject(target());
    const from = await listVersion(subject);
    const watching = watch(subject, `timeoutSeconds=4&resourceVersion=${from}&labelSelector=team%3Da`);
    await settle();
    for (const team of ['a', 'b']) {
      const headers = { 'content-type': mediaType.merge };
      await target().request('PATCH', subject.path, { headers, body: { metadata: { labels: { team } } } });
    }
    expect((await watching).map(event => event.type)).toEqual(['ADDED', 'DELETED']);
  });

  it('with sendInitialEvents: what exists, then a BOOKMARK that says so', async () => {
    const subject = await createSubject(target());
    const query = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const events = await watch(subject, `timeoutSeconds=2&${query}`);
    expect(events[0]).toEqual({ type: 'ADDED', object: subject.created });
    expect(events[1]).toMatchObject({
      type: 'BOOKMARK',
      object: {
        kind: 'VirtualMCPServer',
        metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } },
      },
    });
    expect(Number(events[1]?.object.metadata.resourceVersion)).toBeGreaterThanOrEqual(
      Number(subject.created.metadata.resourceVersion),
    );
    expect(events[1]?.object).not.toHaveProperty('spec');
  });

  it('sendInitialEvents needs resourceVersionMatch: 422', async () => {
    const subject = await createSubject(target());
    const path = `${collection(subject.namespace)}?watch=true&timeoutSeconds=1&sendInitialEvents=true`;
    const answer = await target().request('GET', path);
    expectFailure(answer, 422, 'Invalid', 'resourceVersionMatch', [
      { reason: 'FieldValueForbidden', field: 'resourceVersionMatch' },
    ]);
  });

  it('a BOOKMARK shortly before the end passes on what happened elsewhere, as a bare resourceVersion', async () => {
    const [subject, other] = [await createSubject(target()), await createSubject(target())];
    const from = await listVersion(subject);
    const watching = watch(subject, `timeoutSeconds=5&allowWatchBookmarks=true&resourceVersion=${from}`);
    await settle();
    const changed = expectOk(await other.mergePatch({ status: { phase: 'Ready' } }));
    const events = await watching;
    expect(new Set(events.map(event => event.type))).toEqual(new Set(['BOOKMARK']));
    const { metadata, ...rest } = events.at(-1)?.object ?? {};
    expect(rest).toEqual({ apiVersion: beta, kind: 'VirtualMCPServer' });
    expect(Object.keys(metadata)).toEqual(['resourceVersion']);
    expect(Number(metadata.resourceVersion)).toBeGreaterThanOrEqual(Number(changed.metadata.resourceVersion));
  });

  it('without allowWatchBookmarks there are none', async () => {
    const [subject, other] = [await createSubject(target()), await createSubject(target())];
    const from = await listVersion(subject);
    const watching = watch(subject, `timeoutSeconds=4&resourceVersion=${from}`);
    await settle();
    expectOk(await other.mergePatch({ status: { phase: 'Ready' } }));
    expect(await watching).toEqual([]);
  });

  it('from a resourceVersion that is too old: 200 and an ERROR event with 410 Expired', async () => {
    const subject = await createSubject(target());
    const events = await watch(subject, 'timeoutSeconds=1&resourceVersion=1');
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      type: 'ERROR',
      object: { kind: 'Status', status: 'Failure', reason: 'Expired', code: 410 },
    });
    expect(events[0]?.object.message).toMatch(/^too old resource version: 1 \(\d+\)$/);
  });

  it('from a resourceVersion that is no number: 500 without reason', async () => {
    const subject = await createSubject(target());
    const path = `${collection(subject.namespace)}?watch=true&timeoutSeconds=1&resourceVersion=abc`;
    expectFailure(
      await target().request('GET', path),
      500,
      undefined,
      'resourceVersion: Invalid value: "abc"',
    );
  });

  it('as Tables: column definitions in the first event only', async () => {
    const subject = await createSubject(target());
    const from = await listVersion(subject);
    const query = `timeoutSeconds=4&resourceVersion=${from}&includeObject=None`;
    const watching = watch(subject, query, { accept: tableAccept });
    await settle();
    const first = expectOk(await subject.mergePatch({ status: { phase: 'Ready' } }));
    expectOk(await subject.mergePatch({ status: { phase: 'Failed' } }));
    const events = await watching;
    expect(events.map(event => [event.type, event.object.kind])).toEqual([
      ['MODIFIED', 'Table'],
      ['MODIFIED', 'Table'],
    ]);
    expect(events[0]?.object.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
    expect(events[0]?.object.columnDefinitions).toHaveLength(6);
    expect(events[1]?.object.columnDefinitions).toBeNull();
    expect(events[1]?.object.rows[0].cells.slice(0, 2)).toEqual(['subject', 'Failed']);
  });
}
