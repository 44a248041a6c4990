// Server-side apply through the direct access; test/contract has the same over HTTP and on a real API server.
import { describe, expect, it } from 'vitest';
import { StatusError } from '../../src/testing/index.ts';
import { condition, createApi, moment, ownedBy, statusPath } from './support.ts';

const statusOf = (api: ReturnType<typeof createApi>) => api.get('ns', 'demo')?.status;

describe('apply', () => {
  it('owns what it names: leaves and list items, not the lists around them', () => {
    const api = createApi();
    api.applyStatus('ns', 'demo', { phase: 'Ready', conditions: [condition('Ready')] }, { manager: 'a' });
    const item = {
      '.': {},
      'f:lastTransitionTime': {},
      'f:message': {},
      'f:reason': {},
      'f:status': {},
      'f:type': {},
    };
    expect(ownedBy(api, 'a')).toEqual([
      { 'f:status': { 'f:conditions': { 'k:{"type":"Ready"}': item }, 'f:phase': {} } },
    ]);
  });

  it('the same again moves nothing, not even a time', () => {
    const api = createApi();
    const status = { phase: 'Ready', discoveredBackends: [{ name: 'a', url: 'http://a' }] };
    const first = api.applyStatus('ns', 'demo', status, { manager: 'a' });
    const revision = api.revision;
    api.set(new Date(moment.getTime() + 60_000));
    expect(api.applyStatus('ns', 'demo', status, { manager: 'a' })).toEqual(first);
    expect(api.revision).toBe(revision);
  });

  it('a field that the applier stops applying goes; a missing phase becomes the default', () => {
    const api = createApi();
    api.applyStatus(
      'ns',
      'demo',
      { phase: 'Ready', message: 'm', discoveredBackends: [{ name: 'a' }] },
      { manager: 'a' },
    );
    api.applyStatus('ns', 'demo', { discoveredBackends: [{ name: 'b' }] }, { manager: 'a' });
    expect(statusOf(api)).toEqual({ phase: 'Pending', discoveredBackends: [{ name: 'b' }] });
  });

  it('… unless somebody else owns it too: ghosts stay, down to the leaf', () => {
    const api = createApi();
    const backends = [{ name: 'a', circuitBreakerState: 'open' as const }, { name: 'b' }];
    api.update('ns', 'demo', object => {
      object.status = {
        phase: 'Ready',
        discoveredBackends: backends,
        conditions: [condition('Old') as never],
      };
    });
    api.applyStatus('ns', 'demo', { phase: 'Ready', discoveredBackends: [{ name: 'a' }] }, { manager: 'a' });
    api.applyStatus('ns', 'demo', { phase: 'Failed' }, { manager: 'a' });
    expect(statusOf(api)?.discoveredBackends).toEqual(backends);
    expect(statusOf(api)?.conditions).toHaveLength(1);
  });

  it('without force a field of another manager is a conflict that names manager and field', () => {
    const api = createApi();
    api.applyStatus('ns', 'demo', { phase: 'Ready', message: 'm' }, { manager: 'a' });
    const attempt = () =>
      api.applyStatus('ns', 'demo', { phase: 'Failed', message: 'n' }, { manager: 'b', force: false });
    expect(attempt).toThrow(StatusError);
    expect(attempt).toThrow(
      'Apply failed with 2 conflicts: conflicts with "a" with subresource "status":\n- .status.message\n- .status.phase',
    );
    expect(statusOf(api)?.phase).toBe('Ready');
  });

  it('with force the field changes hands; the same value is shared', () => {
    const api = createApi();
    api.applyStatus('ns', 'demo', { phase: 'Ready', message: 'm' }, { manager: 'a' });
    api.applyStatus('ns', 'demo', { phase: 'Failed', message: 'm' }, { manager: 'b' });
    expect(ownedBy(api, 'a')).toEqual([{ 'f:status': { 'f:message': {} } }]);
    expect(ownedBy(api, 'b')).toEqual([{ 'f:status': { 'f:message': {}, 'f:phase': {} } }]);
  });

  it('keeps the applied order; the items of others stay behind what they stood behind', () => {
    const api = createApi();
    const names = (list: string[]) => ({ discoveredBackends: list.map(name => ({ name })) });
    api.applyStatus('ns', 'demo', names(['x', 'a', 'y', 'b', 'z']), { manager: 'other' });
    api.applyStatus('ns', 'demo', names(['b', 'a', 'c']), { manager: 'a' });
    expect(statusOf(api)?.discoveredBackends?.map(({ name }) => name)).toEqual([
      'x',
      'y',
      'b',
      'z',
      'a',
      'c',
    ]);
  });

  it('what was applied as null and became the default again is no change, whatever the time', () => {
    const api = createApi();
    api.applyStatus('ns', 'demo', { phase: null }, { manager: 'a' });
    const revision = api.revision;
    api.set(new Date(moment.getTime() + 60_000));
    api.applyStatus('ns', 'demo', { phase: null }, { manager: 'a' });
    expect(api.revision).toBe(revision);
  });

  it('an item that only an owner in another version holds keeps what the applier had not applied', async () => {
    const api = createApi();
    const put = (object: { status?: object }) => {
      object.status = { discoveredBackends: [{ name: 'w', status: 'ready' }] };
    };
    api.applyStatus(
      'ns',
      'demo',
      { discoveredBackends: [{ name: 'w', consecutiveFailures: 2 }] },
      { manager: 'a' },
    );
    api.update('ns', 'demo', put, { manager: 'go' });
    await api.fetch(`${statusPath.replace('v1beta1', 'v1alpha1')}?fieldManager=b&force=true`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/apply-patch+yaml' },
      body: JSON.stringify({
        apiVersion: 'toolhive.stacklok.dev/v1alpha1',
        kind: 'VirtualMCPServer',
        metadata: { name: 'demo' },
        status: { discoveredBackends: [{ name: 'w', url: 'http://w' }] },
      }),
    });
    api.applyStatus('ns', 'demo', { message: 'm' }, { manager: 'a' });
    expect(statusOf(api)?.discoveredBackends).toEqual([{ name: 'w', status: 'ready', url: 'http://w' }]);
  });

  it('a field that the schema lacks, or a key twice: 500 that names the path', () => {
    const api = createApi({ withoutFields: ['mcpRevision'] });
    const backends =
      (...list: object[]) =>
      () =>
        api.applyStatus('ns', 'demo', { discoveredBackends: list });
    expect(backends({ name: 'a', mcpRevision: '1' })).toThrow(
      '.status.discoveredBackends[name="a"].mcpRevision: field not declared in schema',
    );
    expect(backends({ name: 'a' }, { name: 'a' })).toThrow('duplicate entries for key [name="a"]');
    expect(backends({ name: 'a', mcpRevision: '1' })).toThrow(
      expect.objectContaining({ code: 500, reason: undefined }),
    );
  });
});

describe('update', () => {
  it('is recorded as an Update with whole seconds, and takes over what it changes', () => {
    const api = createApi();
    api.applyStatus('ns', 'demo', { phase: 'Ready', message: 'm' }, { manager: 'a' });
    api.update(
      'ns',
      'demo',
      object => {
        object.status = { ...object.status, phase: 'Failed', url: 'http://u' };
      },
      { manager: 'go' },
    );
    expect(ownedBy(api, 'a')).toEqual([{ 'f:status': { 'f:message': {} } }]);
    const entry = api.get('ns', 'demo')?.metadata.managedFields?.find(({ manager }) => manager === 'go');
    expect(entry).toEqual({
      manager: 'go',
      operation: 'Update',
      apiVersion: 'toolhive.stacklok.dev/v1beta1',
      time: '2026-03-01T12:00:00Z',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:status': { 'f:phase': {}, 'f:url': {} } },
      subresource: 'status',
    });
  });

  it('the eleventh updater makes the oldest two one entry', () => {
    const api = createApi();
    for (let index = 0; index < 11; index++) {
      api.set(new Date(moment.getTime() + index * 1000));
      const write = (object: { status?: { message?: string } }) => {
        object.status = { ...object.status, message: `m${index}` };
      };
      api.update('ns', 'demo', write, { manager: `writer-${index}` });
      api.update(
        'ns',
        'demo',
        object =>
          Object.assign(object.metadata, { labels: { ...object.metadata.labels, [`l${index}`]: 'x' } }),
        {
          manager: `writer-${index}`,
        },
      );
    }
    const updaters =
      api.get('ns', 'demo')?.metadata.managedFields?.filter(({ operation }) => operation === 'Update') ?? [];
    expect(updaters).toHaveLength(10);
    expect(updaters.some(({ manager }) => manager === 'ancient-changes')).toBe(true);
  });
});
