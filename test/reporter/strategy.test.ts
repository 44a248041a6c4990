import { describe, expect, it } from 'vitest';
import { knownObject } from '../../src/reporter/kubernetes/known.ts';
import { type Strategy, writeRequest } from '../../src/reporter/kubernetes/strategy.ts';
import { diffStatus } from '../../src/status/diff.ts';
import type { BackendDocument, DesiredStatus, StatusDocument } from '../../src/status/document.ts';
import { ownership } from '../../src/status/ownership.ts';
import { applyOperations } from '../../src/status/patch.ts';

const scope = { fields: ownership().fields, conditions: new Set(['Ready']) };
const object = '/apis/toolhive.stacklok.dev/v1beta1/namespaces/ns/virtualmcpservers/demo';
const target = { ref: { namespace: 'ns', name: 'demo' }, version: 'v1beta1', path: object } as const;
const path = `${object}/status`;

async function request(
  strategy: Strategy,
  live: StatusDocument | undefined,
  desired: DesiredStatus,
  answer: 'object' | 'table' = 'table',
) {
  const object = { metadata: { resourceVersion: '7' }, ...(live && { status: live }) };
  const known = knownObject(object, { strategy, fieldManager: 'me', owned: ownership() }, false);
  const difference = diffStatus(live, desired, scope);
  const built = await writeRequest(strategy, target, known, {
    desired,
    difference,
    status: applyOperations(live, difference.operations),
    fieldManager: 'me',
    answer,
  });
  return { ...built, body: JSON.parse(built.body!) };
}

const backends = (count: number, message: string): BackendDocument[] =>
  Array.from({ length: count }, (_, i) => ({
    name: `backend-${String(i).padStart(4, '0')}`,
    url: `http://${message}.test`,
    status: message,
    authType: message,
    authConfigRef: message,
    message,
    mcpRevision: message,
  }));

describe('a write', () => {
  const live: StatusDocument = { phase: 'Pending', url: 'http://kept.test' };
  const desired: DesiredStatus = { phase: 'Ready', message: '' };

  it('by apply is what is owned and nothing else, forced, locked, answered by a Table', async () => {
    expect(await request('apply', live, desired)).toEqual({
      method: 'PATCH',
      path: `${path}?fieldManager=me&force=true&includeObject=None`,
      accept: 'application/json;as=Table;g=meta.k8s.io;v=v1',
      contentType: 'application/apply-patch+yaml',
      body: {
        apiVersion: 'toolhive.stacklok.dev/v1beta1',
        kind: 'VirtualMCPServer',
        metadata: { name: 'demo', namespace: 'ns', resourceVersion: '7' },
        status: desired,
      },
    });
  });

  it('by patch is the difference, locked by its first operation', async () => {
    expect(await request('patch', live, desired, 'object')).toMatchObject({
      method: 'PATCH',
      path: `${path}?fieldManager=me`,
      accept: 'application/json',
      contentType: 'application/json-patch+json',
      body: [
        { op: 'replace', path: '/metadata/resourceVersion', value: '7' },
        { op: 'replace', path: '/status/phase', value: 'Ready' },
      ],
    });
  });

  it('by update is the whole status as it will be, what others wrote included', async () => {
    expect(await request('update', live, desired)).toMatchObject({
      method: 'PUT',
      contentType: 'application/json',
      body: { metadata: { resourceVersion: '7' }, status: { phase: 'Ready', url: 'http://kept.test' } },
    });
  });

  it('by patch adds the status whole where there is none', async () => {
    expect((await request('patch', undefined, desired)).body[1]).toEqual({
      op: 'add',
      path: '/status',
      value: desired,
    });
  });

  it('by patch replaces the list where it would take more than 5,000 operations', async () => {
    const before = { phase: 'Ready', discoveredBackends: backends(1000, 'before') };
    const after: DesiredStatus = { phase: 'Failed', discoveredBackends: backends(1000, 'after') };
    const { body } = await request('patch', before, after);
    expect(body.map(({ op, path }: any) => `${op} ${path}`)).toEqual([
      'replace /metadata/resourceVersion',
      'replace /status/phase',
      'replace /status/discoveredBackends',
    ]);
    expect(body[2].value).toEqual(after.discoveredBackends);
    const fewer = { phase: 'Ready', discoveredBackends: backends(800, 'before') };
    expect(
      (await request('patch', fewer, { phase: 'Ready', discoveredBackends: backends(800, 'after') })).body,
    ).toHaveLength(4801);
  });

  it('by patch to one backend of a thousand is small', async () => {
    const before = { phase: 'Ready', discoveredBackends: backends(1000, 'before') };
    const changed = backends(1000, 'before').map((backend, i) =>
      i === 500 ? { ...backend, status: 'unavailable' } : backend,
    );
    const { body } = await request('patch', before, { phase: 'Ready', discoveredBackends: changed });
    expect(JSON.stringify(body).length).toBeLessThan(2_000);
  });
});
