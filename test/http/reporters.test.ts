import { describe, expect, it } from 'vitest';
import { createReporters, type ResourceReporter } from '../../src/http/reporters.ts';

/** Reporters that only note when they go; `hold` keeps them from going. */
function registry(limit?: number, fails = false) {
  const gone: string[] = [];
  const logged: string[] = [];
  let hold = Promise.resolve();
  const create = ({ namespace, name }: { namespace: string; name: string }): ResourceReporter => ({
    reportStatus: async () => ({ outcome: 'skipped', requests: 0, attempts: 0 }),
    start: async () => async () => {},
    read: async () => ({ metadata: { resourceVersion: '1' } }),
    async [Symbol.asyncDispose]() {
      await hold;
      gone.push(`${namespace}/${name}`);
      if (fails) throw new Error('no way');
    },
  });
  const note = (message: string) => void logged.push(message);
  const logger = { debug: note, info: note, warn: note, error: note };
  const reporters = createReporters({ create, logger, ...(limit !== undefined && { limit }) });
  const get = (name: string, { namespace = 'default', partition = 'service' } = {}) =>
    reporters.get({ namespace, name }, { name: 'somebody', partition, may: () => true });
  function until(promise: Promise<void>) {
    hold = promise;
  }
  return { reporters, get, gone, logged, until };
}

describe('the reporters of a service', () => {
  it('are one for each resource and credential', () => {
    const { get, reporters } = registry();
    expect(get('a')).toBe(get('a'));
    expect(get('a')).not.toBe(get('b'));
    expect(get('a')).not.toBe(get('a', { namespace: 'other' }));
    expect(get('a')).not.toBe(get('a', { partition: 'own' }));
    expect(reporters.size).toBe(4);
  });

  it('are bounded: the least recently used one delivers and goes', async () => {
    const { get, reporters, gone } = registry(2);
    const first = get('a');
    get('b');
    get('a');
    get('c');
    expect(reporters.size).toBe(2);
    await reporters.close();
    expect(gone[0]).toBe('default/b');
    expect(first).toBeDefined();
  });

  it('close after the last one has delivered, those that were let go before included', async () => {
    const { get, reporters, gone, until } = registry(1);
    const { promise, resolve } = Promise.withResolvers<void>();
    until(promise);
    get('a');
    get('b');
    const closed = reporters.close();
    await Promise.resolve();
    expect(gone).toStrictEqual([]);
    resolve();
    await closed;
    expect(gone.toSorted()).toStrictEqual(['default/a', 'default/b']);
    await reporters.close();
    expect(gone).toHaveLength(2);
  });

  it('are no more after that', async () => {
    const { get, reporters } = registry();
    await reporters.close();
    expect(() => get('a')).toThrow(expect.objectContaining({ code: 'closed' }));
  });

  it('keep the order of reports where one comes back that was let go', async () => {
    const { get, gone, until } = registry(1);
    const { promise, resolve } = Promise.withResolvers<void>();
    until(promise);
    get('a');
    get('b');
    const reported = get('a').reportStatus({ phase: 'Ready' });
    const first = await Promise.race([reported, new Promise(tick => setImmediate(tick, 'still waiting'))]);
    expect([first, gone]).toStrictEqual(['still waiting', []]);
    resolve();
    await reported;
    expect(gone).toContain('default/a');
  });

  it('close after every one that was let go, also twice of the same resource', async () => {
    const { get, reporters, gone, until } = registry(1);
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    until(first.promise);
    get('a');
    get('b');
    get('a');
    until(second.promise);
    get('b');
    first.resolve();
    await expect.poll(() => gone).toStrictEqual(['default/a', 'default/b']);
    until(Promise.resolve());
    const closed = reporters.close().then(() => 'closed');
    await expect.poll(() => gone).toHaveLength(3);
    expect(await Promise.race([closed, new Promise(tick => setImmediate(tick, 'waits'))])).toBe('waits');
    second.resolve();
    await closed;
    expect(gone.toSorted()).toStrictEqual(['default/a', 'default/a', 'default/b', 'default/b']);
  });

  it('go one after the other where they are of the same resource', async () => {
    const { get, gone, until } = registry(1);
    const { promise, resolve } = Promise.withResolvers<void>();
    until(promise);
    get('a');
    get('b');
    until(Promise.resolve());
    get('a');
    get('b');
    await new Promise(tick => setImmediate(tick));
    expect(gone).toStrictEqual(['default/b']);
    resolve();
    await expect.poll(() => gone).toStrictEqual(['default/b', 'default/a', 'default/a']);
  });

  it('log what they cannot deliver and close nevertheless', async () => {
    const { get, reporters, logged } = registry(undefined, true);
    get('a');
    await reporters.close();
    expect(logged).toStrictEqual(['The last report on default/a could not be delivered']);
  });
});
