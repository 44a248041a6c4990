import { describe, expect, it } from 'vitest';
import type { Env } from '../../src/entry/workers/env.ts';
import { createIndexStore } from '../../src/entry/workers/index-store.ts';
import { ask, type RecordMessage } from '../../src/entry/workers/messages.ts';
import { StatusIndex } from '../../src/entry/workers/status-index.ts';
import type { ResourceRecord } from '../../src/http/model.ts';
import { createStorage } from './platform.ts';

function recordOf(name: string, message = ''): ResourceRecord {
  const at = '2026-01-01T00:00:00.000Z';
  return {
    namespace: 'default',
    name,
    status: { phase: 'Ready', message },
    observedAt: at,
    delivery: { id: message, state: 'delivered', acceptedAt: at, attempts: 1 },
    timeline: [],
  };
}

/** An index on a disk, and what asks it. */
function begin(storage = createStorage(), env: Env = {}) {
  const state = {
    storage,
    blockConcurrencyWhile: <T>(work: () => Promise<T>) => work(),
  };
  const index = new StatusIndex(state, env);
  const stub = { fetch: async (url: string, init?: RequestInit) => index.fetch(new Request(url, init)) };
  const put = (record: ResourceRecord, revision: number, events: RecordMessage['events'] = []) =>
    ask(stub, 'PUT', '/records', { record, revision, events });
  return { storage, stub, put, store: createIndexStore(() => stub) };
}

const messages = (records: readonly ResourceRecord[]) => records.map(({ status }) => status.message);

describe('the index', () => {
  it('knows the last record of each resource, by name, also after a restart', async () => {
    const { storage, put, store } = begin();
    await put(recordOf('b', 'b1'), 1);
    await put(recordOf('a', 'a1'), 2);
    await put(recordOf('b', 'b2'), 3);
    expect(messages(await store.list())).toStrictEqual(['a1', 'b2']);
    const again = begin(storage).store;
    expect(messages(await again.list())).toStrictEqual(['a1', 'b2']);
  });

  it('does not go back to an older one that comes later', async () => {
    const { put, store } = begin();
    await put(recordOf('a', 'newer'), 2);
    await put(recordOf('a', 'older'), 1);
    expect(messages(await store.list())).toStrictEqual(['newer']);
  });

  it('remembers a thousand, and forgets who reported least recently', async () => {
    const { storage, put, store } = begin();
    for (let count = 1; count <= 1001; count++) await put(recordOf(`r${count}`), count);
    for (const each of [store, begin(storage).store]) {
      const names = (await each.list()).map(({ name }) => name);
      expect(names).toHaveLength(1000);
      expect(names).not.toContain('r1');
    }
  });

  it('tells everybody who listens of every change, until they have heard enough', async () => {
    const { put, store } = begin();
    const gone = new AbortController();
    const changes = store.changes(gone.signal)[Symbol.asyncIterator]();
    await put(recordOf('a', 'a1'), 1);
    expect((await changes.next()).value).toMatchObject({ status: { message: 'a1' } });
    await put(recordOf('b', 'b1'), 2);
    expect((await changes.next()).value).toMatchObject({ status: { message: 'b1' } });
    const last = changes.next();
    gone.abort();
    expect(await last).toMatchObject({ done: true });
  });

  it('counts what it is told of, and shows of the resources what one may see', async () => {
    const { stub, put } = begin();
    await put(recordOf('a'), 1, [
      { report: { target: { namespace: 'default', name: 'a' }, outcome: 'applied', duration: 20 } },
      { request: { method: 'PATCH', status: 200, duration: 10 } },
    ]);
    await put(recordOf('b'), 2);
    const text = await ask<string>(stub, 'POST', '/metrics', {
      resources: [{ namespace: 'default', name: 'b' }],
    });
    expect(text).toContain('vmcp_status_reporter_reports_total{outcome="applied"} 1\n');
    expect(text).toContain('vmcp_status_reporter_api_requests_total{verb="patch",code="200"} 1\n');
    expect(text).toContain('name="b"');
    expect(text).not.toContain('name="a"');
  });

  it('tells when the token of the service expires', async () => {
    const part = (value: object) => btoa(JSON.stringify(value)).replace(/=+$/, '');
    const token = `${part({ alg: 'none' })}.${part({ exp: 4_000_000_000 })}.`;
    const env = { VMCP_KUBERNETES_SERVER: 'https://api.test', VMCP_KUBERNETES_TOKEN: token };
    const { stub } = begin(createStorage(), env);
    expect(await ask<string>(stub, 'POST', '/metrics', { resources: [] })).toContain(
      'vmcp_status_reporter_token_expiry_timestamp_seconds 4000000000\n',
    );
  });
});
