import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Edge, namespace, startEdge, until } from './edge.ts';

let edge: Edge;

beforeAll(async () => {
  const bindings = () => ({ VMCP_STATUS_AUTH: 'passthrough', VMCP_KUBERNETES_TOKEN: '', SERVICE_TOKEN: '' });
  edge = await startEdge({ names: ['demo', 'slow'], bindings, bound: true });
  await edge.start();
});
afterAll(() => edge.close());

const as = (token: string) => ({ authorization: `Bearer ${token}` });
const statusOf = (name: string) => edge.api.get(namespace, name)?.status;
const writers = () => [
  ...new Set(edge.api.requests.filter(({ method }) => method === 'PATCH').map(({ user }) => user)),
];

describe('a cluster behind a binding, and callers with their own tokens', () => {
  it('are brought together, and the service needs no token', async () => {
    const answer = await edge.put('demo', { phase: 'Ready' }, as('gateway-token'));
    expect(await answer.json()).toMatchObject({ outcome: 'applied' });
    expect(statusOf('demo')).toMatchObject({ phase: 'Ready' });
    expect(writers()).toStrictEqual(['gateway']);
    expect((await edge.put('demo', { phase: 'Failed' }, as('stranger-token'))).status).toBe(403);
    expect((await edge.put('demo', { phase: 'Failed' }, as('unknown'))).status).toBe(401);
    expect(statusOf('demo')).toMatchObject({ phase: 'Ready' });
  });

  it('answers reports that overlap', async () => {
    edge.behaviour.delay = 50;
    const counts = [1, 2, 3, 4, 5];
    const answers = await Promise.all(
      counts.map(backendCount => edge.put('demo', { phase: 'Ready', backendCount }, as('gateway-token'))),
    );
    expect(answers.map(({ status }) => status)).toStrictEqual(counts.map(() => 200));
    edge.behaviour.delay = 0;
    await edge.put('demo', { phase: 'Ready', backendCount: 6 }, as('gateway-token'));
    expect(statusOf('demo')).toMatchObject({ backendCount: 6 });
  });

  it('keeps no token on its disk: what a kill interrupts is not accepted, and not tried again', async () => {
    edge.hold('slow');
    const interrupted = edge.put(
      'slow',
      { phase: 'Ready' },
      { ...as('gateway-token'), prefer: 'respond-async' },
    );
    const failed = expect(interrupted).rejects.toThrow();
    await until('the delivery begins', () => edge.arrived('slow') > 0);
    await edge.kill();
    await failed;
    expect(await edge.diskHolds('slow')).toBe(true);
    expect(await edge.diskHolds('gateway-token')).toBe(false);

    edge.release();
    const before = edge.arrived('slow');
    await edge.start();
    await new Promise(resolve => setTimeout(resolve, 1_000));
    expect(edge.arrived('slow')).toBe(before);
    expect(statusOf('slow')).toBeUndefined();
  });
});
