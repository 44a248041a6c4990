import { describe, expect, it, vi } from 'vitest';
import type { ResourceRecord } from '../../src/http/model.ts';
import { Recent } from '../../src/http/recent.ts';
import { createMemoryStore } from '../../src/http/store.ts';

function record(name: string, message = '', namespace = 'default'): ResourceRecord {
  const at = '2026-11-22T10:00:00.000Z';
  return {
    namespace,
    name,
    status: { phase: 'Ready', message },
    observedAt: at,
    delivery: { id: '1', state: 'pending', acceptedAt: at, attempts: 0 },
    timeline: [{ phase: 'Ready', at }],
  };
}

const messages = (records: readonly ResourceRecord[]) =>
  records.map(({ name, status }) => `${name}:${status.message}`);

/** What a reader hears until `count` records came. */
async function read(changes: AsyncIterable<ResourceRecord>, count: number) {
  const heard: ResourceRecord[] = [];
  for await (const change of changes) if (heard.push(change) === count) break;
  return messages(heard);
}

describe('the store in memory', () => {
  it('keeps the last record of each resource, and lists by namespace and name', () => {
    const store = createMemoryStore();
    for (const [name, namespace] of [
      ['b', 'x'],
      ['a', 'x'],
      ['z', 'w'],
      ['a', 'x-y'],
    ] as const)
      store.put(record(name, '', namespace));
    store.put(record('b', 'again', 'x'));
    expect(store.list().map(({ namespace, name }) => `${namespace}/${name}`)).toStrictEqual([
      'w/z',
      'x/a',
      'x/b',
      'x-y/a',
    ]);
    expect(store.get({ namespace: 'x', name: 'b' })?.status.message).toBe('again');
    expect(store.get({ namespace: 'w', name: 'b' })).toBeUndefined();
  });

  it('keeps a thousand resources where nobody says', () => {
    const store = createMemoryStore();
    for (let n = 0; n <= 1000; n++) store.put(record(`r${n}`));
    expect(store.list()).toHaveLength(1000);
    expect(store.get({ namespace: 'default', name: 'r0' })).toBeUndefined();
  });

  it('is bounded: the resource that reported least recently goes', () => {
    const store = createMemoryStore({ limit: 2 });
    for (const name of ['a', 'b', 'a', 'c']) store.put(record(name));
    expect(messages(store.list())).toStrictEqual(['a:', 'c:']);
  });
});

describe('changes', () => {
  it('leave nothing behind on a signal that goes on', async () => {
    const store = createMemoryStore();
    const { signal } = new AbortController();
    const [added, removed] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')];
    const changes = store.changes(signal);
    store.put(record('a'));
    await read(changes, 1);
    expect([added.mock.calls.length, removed.mock.calls]).toStrictEqual([1, added.mock.calls]);
    const set = vi.spyOn(Recent.prototype, 'set');
    store.put(record('b'));
    expect(set).toHaveBeenCalledOnce();
  });

  it('are all that is put from the call on, for every reader', async () => {
    const store = createMemoryStore();
    store.put(record('before'));
    const { signal } = new AbortController();
    const readers = [store.changes(signal), store.changes(signal)];
    store.put(record('a'));
    const heard = readers.map(reader => read(reader, 2));
    store.put(record('b'));
    expect(await Promise.all(heard)).toStrictEqual([
      ['a:', 'b:'],
      ['a:', 'b:'],
    ]);
  });

  it('wait for a reader one per resource: a slow one gets the latest, in the order of the last change', async () => {
    const store = createMemoryStore();
    const changes = store.changes(new AbortController().signal);
    for (let n = 0; n < 1000; n++) store.put(record('noisy', String(n)));
    store.put(record('quiet'));
    store.put(record('noisy', 'last'));
    expect(await read(changes, 2)).toStrictEqual(['quiet:', 'noisy:last']);
  });

  it('end with the signal, whether or not somebody reads', async () => {
    const store = createMemoryStore();
    const controller = new AbortController();
    const waiting = read(store.changes(controller.signal), 5);
    store.put(record('a'));
    await new Promise(resolve => setImmediate(resolve));
    const unread = store.changes(controller.signal);
    controller.abort();
    store.put(record('late'));
    expect(await read(unread, 1)).toStrictEqual([]);
    expect(await waiting).toStrictEqual(['a:']);
    expect(await read(store.changes(controller.signal), 1)).toStrictEqual([]);
  });
});
