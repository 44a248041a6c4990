import { describe, expect, it } from 'vitest';
import { inNextTurn } from '../../src/transport/cohort.ts';

const nextTurn = () => new Promise<void>(inNextTurn);

describe('the next turn of the event loop', () => {
  it('comes for all who wait for it at once, after the last', async () => {
    const order: string[] = [];
    const first = nextTurn().then(() => order.push('first'));
    setImmediate(() => order.push('turn'));
    await null;
    const second = nextTurn().then(() => order.push('second'));
    await Promise.all([first, second]);
    expect(order).toStrictEqual(['turn', 'first', 'second']);
  });

  it('is one turn away, however many came before', async () => {
    for (let turn = 0; turn < 3; turn++) {
      let over = false;
      const next = new Promise<void>(resolve => setImmediate(() => setImmediate(resolve))).then(() => {
        over = true;
      });
      await nextTurn();
      expect(over).toBe(false);
      await next;
    }
  });

  it('does not wait for who comes while it begins', async () => {
    const order: string[] = [];
    const first = nextTurn().then(() => order.push('first'));
    const late = new Promise<void>(resolve => setImmediate(resolve)).then(async () => {
      await nextTurn();
      order.push('late');
    });
    const second = nextTurn().then(() => order.push('second'));
    await Promise.all([first, second, late]);
    expect(order).toStrictEqual(['first', 'second', 'late']);
  });
});
