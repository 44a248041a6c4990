import { describe, expect, it } from 'vitest';
import { withKeptMemory } from '../../src/entry/workers/kept-memory.ts';
import { K8sReporter } from '../../src/reporter/kubernetes.ts';
import { createFakeApiServer } from '../../src/testing/index.ts';
import { createStorage } from './platform.ts';

const status = {
  phase: 'Ready',
  message: 'up',
  discoveredBackends: [{ name: 'a', status: 'ready' }],
} as const;

/** A disk, and reporters that start on it as processes do. */
function disk() {
  const api = createFakeApiServer({ objects: [{ namespace: 'default', name: 'demo' }] });
  const { sql } = createStorage();
  const credentials = { source: 'test', access: async () => ({ server: 'https://kubernetes.internal' }) };
  const begin = () =>
    withKeptMemory(
      sql,
      memory =>
        new K8sReporter({ namespace: 'default', name: 'demo', credentials, fetch: api.fetch, memory }),
    );
  return { api, sql, begin };
}

describe('the memory of a reporter', () => {
  it('outlives it: the next one knows what this one wrote', async () => {
    const { begin } = disk();
    expect(await begin().reportStatus(status)).toMatchObject({ outcome: 'applied', requests: 2 });
    expect(await begin().reportStatus(status)).toMatchObject({ outcome: 'unchanged', requests: 1 });
    expect(await begin().reportStatus({ phase: 'Failed' })).toMatchObject({
      outcome: 'applied',
      requests: 1,
    });
  });

  it.each([
    ['another version', '{"by":"0.0.1","known":{"was":"otherwise"},"written":{"too":true}}'],
    ['nobody', '{"known":{"was":"otherwise"}}'],
  ])('is nothing where %s has written it down: the object is read again', async (_, memory) => {
    const { sql, begin } = disk();
    await begin().reportStatus(status);
    sql.exec('UPDATE memory SET memory = ?', memory);
    expect(await begin().reportStatus(status)).toMatchObject({ outcome: 'unchanged' });
    expect(await begin().reportStatus(status)).toMatchObject({ outcome: 'unchanged', requests: 1 });
  });

  it('is not kept where it is too large for a row', async () => {
    const { sql, begin } = disk();
    const large = { ...status, message: 'x'.repeat(700_000) };
    await begin().reportStatus(large);
    expect(sql.exec('SELECT * FROM memory').toArray()).toStrictEqual([]);
    expect(await begin().reportStatus(large)).toMatchObject({ outcome: 'unchanged' });
  });
});
