import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Edge, namespace, startEdge, until } from './edge.ts';

const many = Array.from({ length: 50 }, (_, index) => `gateway-${index}`);
let edge: Edge;

beforeAll(async () => {
  edge = await startEdge({ names: ['demo', 'slow', ...many] });
  await edge.start();
});
afterAll(() => edge.close());

const messageOf = (name: string) => edge.api.get(namespace, name)?.status?.message;

describe('a process that is killed', () => {
  it('delivers what it accepted once it is started again, by its alarm alone', async () => {
    const { api, behaviour } = edge;
    behaviour.down = true;
    const { state } = await edge.putAsync('demo', { phase: 'Degraded', message: 'before the kill' });
    expect(state).toBe('pending');
    await edge.kill();
    expect(api.requests).toStrictEqual([]);
    expect(api.get(namespace, 'demo')?.status).toBeUndefined();

    behaviour.down = false;
    await edge.start();
    await until('the alarm delivers', () => messageOf('demo') !== undefined);
    expect(api.get(namespace, 'demo')?.status).toMatchObject({
      phase: 'Degraded',
      message: 'before the kill',
    });
  });

  it('delivers also what it was killed over, and the report that had come in the meantime', async () => {
    const { api } = edge;
    edge.hold();
    const first = await edge.putAsync('slow', { phase: 'Ready', message: 'under way' });
    await until('the delivery begins', () => edge.arrived('slow') > 0);
    const second = await edge.putAsync('slow', { phase: 'Failed', message: 'the latest' });
    await edge.kill();
    edge.release();
    expect(messageOf('slow')).toBeUndefined();

    await edge.start();
    await until('the alarm delivers', () => messageOf('slow') !== undefined);
    expect(messageOf('slow')).toBe('the latest');
    expect(await edge.ended(first)).toMatchObject({ state: 'delivered', outcome: 'superseded' });
    expect(await edge.ended(second)).toMatchObject({ state: 'delivered', outcome: 'applied' });
    expect(api.requests.filter(({ status }) => status === 409)).toStrictEqual([]);
  });

  it('still knows what it showed', async () => {
    // The index hears of a delivery after it has ended.
    const known = async () => (await edge.records()).every(({ delivery }) => delivery.state === 'delivered');
    await until('it is shown as delivered', known);
    const before = await edge.records();
    expect(before.map(({ name }) => name)).toStrictEqual(['demo', 'slow']);
    await edge.kill();
    await edge.start();
    expect(await edge.records()).toStrictEqual(before);
  });

  it('loses none of 1,000 reports on 50 resources: each ends with its latest', async () => {
    const { behaviour } = edge;
    behaviour.delay = 30;
    const rounds = 20;
    const accepted = new Map(many.map(name => [name, 0]));
    const total = () => [...accepted.values()].reduce((sum, count) => sum + count, 0);
    let running = true;
    const began = Date.now();

    /** Reports as a gateway does, one after the other; again where no answer came. */
    async function report(name: string): Promise<void> {
      for (let round = (accepted.get(name) ?? 0) + 1; round <= rounds && running; round++) {
        const timestamp = new Date(began - 3_600_000 + round * 1000).toISOString();
        const body = { phase: 'Ready', message: `report ${round}`, backendCount: round, timestamp };
        await edge.putAsync(name, body, { 'reporter-instance': `pod-of-${name}` });
        accepted.set(name, round);
      }
    }
    const numberIn = (name: string) => Number(/\d+/.exec(messageOf(name) ?? '0')?.[0]);

    const senders = Promise.allSettled(many.map(report));
    await until('many are accepted', () => total() >= 400);
    // What is accepted from here on is not delivered before the kill.
    edge.hold();
    const delivered = total();
    await until('half of them are accepted', () => total() >= Math.max(500, delivered + 50));
    await edge.kill();
    running = false;
    await senders;
    edge.release();
    const behind = many.filter(name => numberIn(name) < accepted.get(name)!).length;
    expect(behind).toBeGreaterThan(0);

    await edge.start();
    await until('the alarms deliver what was accepted', () =>
      many.every(name => numberIn(name) >= accepted.get(name)!),
    );

    running = true;
    edge.hold();
    await Promise.all(many.map(report));
    expect(total()).toBe(1_000);
    edge.release();
    await until('every resource has its latest', () => many.every(name => numberIn(name) === rounds));
    for (const name of many) {
      expect(edge.api.get(namespace, name)?.status).toMatchObject({
        phase: 'Ready',
        message: `report ${rounds}`,
        backendCount: rounds,
      });
    }
    // Coalesced: far from each report was a write of its own.
    expect(many.reduce((sum, name) => sum + edge.writes(name), 0)).toBeLessThan(1_000);
  }, 600_000);
});
