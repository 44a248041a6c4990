import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Edge, namespace, startEdge, until } from './edge.ts';

const many = Array.from({ length: 50 }, (_, index) => `gateway-${index}`);
let edge: Edge;

beforeAll(async () => {
  edge = await startEdge({ names: ['demo', ...many] });
  await edge.start();
}, 60_000);
afterAll(() => edge.close());

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
    await until('the alarm delivers', () => api.get(namespace, 'demo')?.status !== undefined);
    expect(api.get(namespace, 'demo')?.status).toMatchObject({
      phase: 'Degraded',
      message: 'before the kill',
    });
  }, 60_000);
});
