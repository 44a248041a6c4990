import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ResourceRecord } from '../../src/http/model.ts';
import { type Edge, namespace, startEdge, until } from './edge.ts';

const names = ['busy', 'left', 'outage', 'late', 'crowd', 'blocked', 'live', 'read', 'one', 'two'];
let edge: Edge;

beforeAll(async () => {
  edge = await startEdge({ names });
  await edge.start();
});
afterAll(() => edge.close());
beforeEach(() => {
  edge.behaviour.delay = 0;
  edge.behaviour.down = false;
  edge.release();
});

const statusOf = (name: string) => edge.api.get(namespace, name)?.status;
const listed = async (name: string) => (await edge.records()).find(record => record.name === name);
const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;

describe('reports that overlap', () => {
  it('are all answered, and the last of them is what stays', async () => {
    edge.behaviour.delay = 300;
    const counts = [1, 2, 3, 4, 5];
    const answers = await Promise.all(
      counts.map(backendCount => edge.put('busy', { phase: 'Ready', backendCount })),
    );
    expect(answers.map(({ status }) => status)).toStrictEqual(counts.map(() => 200));
    const outcomes = await Promise.all(
      answers.map(async answer => (await answer.json()) as { outcome: string }),
    );
    expect(outcomes.some(({ outcome }) => outcome === 'superseded')).toBe(true);
    const last = await edge.put('busy', { phase: 'Degraded', backendCount: 6 });
    expect(await last.json()).toMatchObject({ outcome: 'applied' });
    expect(statusOf('busy')).toMatchObject({ phase: 'Degraded', backendCount: 6 });
  });

  it('outlive a caller that went away', async () => {
    edge.hold();
    const path = `/v1/namespaces/${namespace}/virtualmcpservers/left/status`;
    const caller = new AbortController();
    const gone = edge.send(path, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{"phase":"Failed"}',
      signal: caller.signal,
    });
    await until('the delivery begins', () => edge.arrived('left') > 0);
    caller.abort();
    await expect(gone).rejects.toThrow();
    edge.release();
    await until('it is delivered all the same', () => statusOf('left')?.phase === 'Failed');
    expect((await edge.put('left', { phase: 'Ready' })).status).toBe(200);
    expect(statusOf('left')).toMatchObject({ phase: 'Ready' });
  });

  it('become few writes while the API server is slow', async () => {
    edge.hold();
    for (let count = 1; count <= 100; count++)
      await edge.putAsync('crowd', { phase: 'Ready', backendCount: count });
    edge.release();
    await until('the last is delivered', () => statusOf('crowd')?.backendCount === 100);
    expect(edge.writes('crowd')).toBeLessThan(5);
  });
});

describe('an unchanged report', () => {
  const report = {
    phase: 'Ready',
    conditions: [{ type: 'Ready', status: 'True', reason: 'AllRoutable', message: '' }],
    discoveredBackends: [{ name: 'a', status: 'ready', lastHealthCheck: '2026-01-01T00:00:00Z' }],
  };
  const unchanged = { outcome: 'unchanged', requests: 1 };

  it('costs one small read: the object knows what it wrote', async () => {
    expect((await edge.put('read', report)).status).toBe(200);
    const before = edge.arrived('read');
    expect(await (await edge.put('read', report)).json()).toMatchObject(unchanged);
    expect(edge.arrived('read')).toBe(before + 1);
  });

  it('costs no more after a restart', async () => {
    await edge.kill();
    await edge.start();
    const before = edge.arrived('read');
    expect(await (await edge.put('read', report)).json()).toMatchObject(unchanged);
    // Health that was checked again is no change either, until the heartbeat.
    const [backend] = report.discoveredBackends;
    const later = {
      ...report,
      discoveredBackends: [{ ...backend, lastHealthCheck: '2026-01-01T00:01:00Z' }],
    };
    expect(await (await edge.put('read', later)).json()).toMatchObject(unchanged);
    expect(edge.arrived('read')).toBe(before + 2);
  });

  it('heals what somebody else has changed, also after a restart', async () => {
    edge.api.update(namespace, 'read', object => {
      object.status = { ...object.status, phase: 'Failed' };
    });
    await edge.kill();
    await edge.start();
    expect(await (await edge.put('read', report)).json()).toMatchObject({ outcome: 'applied' });
    expect(statusOf('read')).toMatchObject({ phase: 'Ready' });
  });
});

describe('an outage of the API server', () => {
  it('is waited out, ever more patiently, and ends with the latest report', async () => {
    edge.behaviour.down = true;
    const first = await edge.putAsync('outage', { phase: 'Ready' });
    await until(
      'a failed attempt is shown',
      async () => (await listed('outage'))?.delivery.error !== undefined,
    );
    const failed = { state: 'pending', error: { code: 'unavailable' } };
    expect((await listed('outage'))?.delivery).toMatchObject(failed);
    expect(await (await edge.send(first.location)).json()).toMatchObject(failed);

    const second = await edge.putAsync('outage', { phase: 'Degraded', message: 'still there' });
    // Before the API server is back: an attempt that is under way could still succeed.
    expect(await edge.ended(first)).toMatchObject({ state: 'delivered', outcome: 'superseded' });
    edge.behaviour.down = false;
    expect(await edge.ended(second)).toMatchObject({ state: 'delivered', outcome: 'applied' });
    expect(statusOf('outage')).toMatchObject({ phase: 'Degraded', message: 'still there' });
  });

  it('is told at once where it is something that somebody has to mend, which is noticed by itself', async () => {
    edge.api.delete(namespace, 'blocked');
    const refused = await edge.put('blocked', { phase: 'Ready' });
    expect([refused.status, await codeOf(refused)]).toStrictEqual([404, 'not_found']);
    edge.api.create({ namespace, name: 'blocked' });
    await until('it is delivered', () => statusOf('blocked')?.phase === 'Ready');
  });
});

describe('late arrivals', () => {
  const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
  const pod = (name: string) => ({ 'reporter-instance': name });

  it('never win over what the same instance said later', async () => {
    const [older, newer] = [at(-20), at(-10)];
    const latest = { phase: 'Ready', message: 'newer', timestamp: newer };
    expect((await edge.put('late', latest, pod('a'))).status).toBe(200);
    const stale = await edge.put('late', { phase: 'Failed', message: 'older', timestamp: older }, pod('a'));
    expect([stale.status, await codeOf(stale)]).toStrictEqual([409, 'stale']);
    expect((await edge.put('late', latest, pod('a'))).status).toBe(200);
    expect(statusOf('late')).toMatchObject({ message: 'newer' });
  });

  it('are no such thing to a new instance, which starts afresh', async () => {
    const report = { phase: 'Degraded', message: 'restarted', timestamp: at(-30) };
    expect((await edge.put('late', report, pod('b'))).status).toBe(200);
    expect(statusOf('late')).toMatchObject({ message: 'restarted' });
  });

  it('come from no future', async () => {
    const future = await edge.put('late', { phase: 'Ready', timestamp: '2099-01-01T00:00:00Z' }, pod('a'));
    expect([future.status, await codeOf(future)]).toStrictEqual([422, 'invalid_status']);
  });

  it('are still known after a restart', async () => {
    await edge.kill();
    await edge.start();
    const stale = await edge.put('late', { phase: 'Failed', timestamp: at(-60) }, pod('b'));
    expect([stale.status, await codeOf(stale)]).toStrictEqual([409, 'stale']);
  });
});

describe('lists and events', () => {
  it('show what the objects of all resources did', async () => {
    await Promise.all(['one', 'two'].map(name => edge.put(name, { phase: 'Ready', message: name })));
    for (const name of ['one', 'two']) {
      // The index hears of a delivery after the caller.
      await until(`${name} is delivered`, async () => (await listed(name))?.delivery.state === 'delivered');
      expect(await listed(name)).toMatchObject({
        namespace,
        status: { phase: 'Ready', message: name },
        delivery: { state: 'delivered', outcome: 'applied' },
        timeline: [{ phase: 'Ready' }],
      });
    }
  });

  it('hear of a report through another connection, and of its end', async () => {
    edge.hold();
    const gone = new AbortController();
    const stream = await edge.send('/v1/events', { signal: gone.signal });
    const heard: ResourceRecord[] = [];
    const reading = readEvents(stream, record => {
      if (record.name === 'live') heard.push(record);
    }).catch(() => {});
    const answer = edge.put('live', { phase: 'Degraded' });
    await until('it is heard of', () => heard.length > 0);
    edge.release();
    await until('its end is heard of', () => heard.some(({ delivery }) => delivery.state === 'delivered'));
    expect(heard.map(({ delivery }) => delivery.state)).toStrictEqual(['pending', 'delivered']);
    expect((await answer).status).toBe(200);
    gone.abort();
    await reading;
  });

  it('are on the page', async () => {
    const page = await edge.send('/');
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await page.text()).toContain('gateways');
  });

  it('are counted', async () => {
    const metrics = await (await edge.send('/metrics')).text();
    expect(metrics).toMatch(/^vmcp_status_reporter_reports_total\{outcome="applied"\} [1-9]/m);
    expect(metrics).toMatch(
      /^vmcp_status_reporter_resource_phase\{namespace="gateways",name="one",phase="Ready"\} 1$/m,
    );
  });
});

/** Reads server-sent events until the stream ends. */
async function readEvents(answer: Response, hear: (record: ResourceRecord) => void): Promise<void> {
  let rest = '';
  for await (const text of answer.body!.pipeThrough(new TextDecoderStream())) {
    const events = (rest + text).split('\n\n');
    rest = events.pop()!;
    for (const event of events) {
      const [, data] = /^data: (.*)$/m.exec(event) ?? [];
      if (data !== undefined) hear(JSON.parse(data));
    }
  }
}
