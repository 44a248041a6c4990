import { describe, expect, it } from 'vitest';
import type { FakeApiServer, VirtualMcpServerStatus } from '../../../src/testing/index.ts';
import { cli, cluster, start } from './support.ts';

/** Changes the status as somebody else would. */
function set(api: FakeApiServer, status: VirtualMcpServerStatus): void {
  api.update('default', 'demo', object => {
    object.status = status;
  });
}

const backend = (name: string, status: string) => ({ name, status });

describe('watch', () => {
  it('tells what is there, and then one line for each change', async () => {
    const { api, env } = await cluster({
      objects: [{ namespace: 'default', name: 'demo', status: { phase: 'Ready', message: 'all is well' } }],
    });
    const watch = start(['watch'], { env });
    await watch.seen(/all is well\n/);
    set(api, {
      phase: 'Degraded',
      message: 'jira is away',
      backendCount: 1,
      discoveredBackends: [backend('github', 'ready'), backend('jira', 'unavailable')],
    });
    await watch.seen(/jira is away"\n/);
    set(api, {
      phase: 'Degraded',
      message: 'jira is away',
      backendCount: 2,
      discoveredBackends: [
        { ...backend('github', 'ready'), lastHealthCheck: '2026-03-01T12:00:00Z' },
        backend('jira', 'ready'),
      ],
    });
    await watch.seen(/jira unavailable → ready\n/);
    api.delete('default', 'demo');
    await watch.seen(/deleted\n/);
    watch.interrupt();
    expect(await watch.ended).toBe(0);
    expect(watch.out()).toBe(`12:00:00Z  default/demo  Ready  all is well
12:00:00Z  default/demo  Degraded  1/2  phase Ready → Degraded, +github ready, +jira unavailable, "jira is away"
12:00:00Z  default/demo  Degraded  2/2  jira unavailable → ready
12:00:00Z  default/demo  deleted
`);
  });

  it('does not tell what nobody would see: times alone, metadata', async () => {
    const { api, env } = await cluster({
      objects: [{ namespace: 'default', name: 'demo', status: { phase: 'Ready', message: 'first' } }],
    });
    const watch = start(['watch', 'demo'], { env });
    await watch.seen(/first\n/);
    api.update('default', 'demo', object => {
      object.metadata.labels = { team: 'search' };
    });
    set(api, { phase: 'Failed', message: 'second' });
    await watch.seen(/second"\n/);
    expect(watch.out().trimEnd().split('\n')).toHaveLength(2);
  });

  it('tells every event as JSON, one to a line', async () => {
    const { api, env } = await cluster({ objects: [{ namespace: 'team', name: 'search' }] });
    const watch = start(['watch', '-A', '-o', 'json'], { env });
    await watch.seen(/"ADDED".*\n/);
    api.delete('team', 'search');
    await watch.seen(/"DELETED".*\n/);
    const events = watch
      .out()
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line));
    expect(events).toMatchObject([
      { type: 'ADDED', namespace: 'team', name: 'search', generation: 1 },
      { type: 'DELETED', namespace: 'team', name: 'search' },
    ]);
  });

  it('watches the namespace that it is told, and one resource where one is named', async () => {
    const objects = ['a', 'b'].flatMap(namespace => ['x', 'y'].map(name => ({ namespace, name })));
    const { env } = await cluster({ objects });
    const one = start(['watch', 'y', '-n', 'b'], { env });
    await one.seen(/b\/y/);
    const some = start(['watch', '-n', 'a'], { env });
    await some.seen(/a\/y/);
    expect(one.out()).not.toMatch(/x|a\//);
    expect(some.out()).not.toMatch(/b\//);
  });

  it('waits for what is not there yet, and says so', async () => {
    const { api, env } = await cluster({ objects: [] });
    const watch = start(['watch', 'demo'], { env });
    await watch.seen(/There is none yet; waiting for it/);
    api.create({ namespace: 'default', name: 'demo', status: { phase: 'Ready' } });
    await watch.seen(/default\/demo {2}Ready/);
  });

  it('ends with 5 where it may not', async () => {
    const { env } = await cluster({ tokens: { secret: { user: 'nobody' } } });
    const ended = await cli(['watch'], { env: { ...env, VMCP_KUBERNETES_TOKEN: 'secret' } });
    expect(ended).toMatchObject({ code: 5, out: '' });
    expect(ended.err).toMatch(/cannot list resource/);
  });
});
