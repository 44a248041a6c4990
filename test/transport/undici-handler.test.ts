import type { Dispatcher } from 'undici';
import { describe, expect, it } from 'vitest';
import { dispatchExchange } from '../../src/transport/undici-handler.ts';

type Handler = Required<Dispatcher.DispatchHandler>;

/** A dispatcher whose answers a test brings, and what happened. */
function dispatcher() {
  const handlers: Handler[] = [];
  const order: string[] = [];
  const dispatch = (_: unknown, handler: Handler) => handlers.push(handler) > 0;

  return {
    order,
    send(name: string, signal?: AbortSignal): Promise<void> {
      const dispatcher = { dispatch } as unknown as Dispatcher;
      const options = { path: '/', method: 'GET' } as const;
      return dispatchExchange(dispatcher, options, signal, new WeakSet()).then(
        () => void order.push(`${name} goes on`),
      );
    },
    /** Ends an answer as undici does: one turn of the event loop later it has the connection back. */
    answer(index: number, name: string, body = Buffer.from('{}')): void {
      const controller = {} as Dispatcher.DispatchController;
      handlers[index]!.onResponseStart(controller, 200, {}, 'OK');
      handlers[index]!.onResponseData(controller, body);
      handlers[index]!.onResponseEnd(controller, {});
      setImmediate(() => order.push(`${name} is back`));
    },
  };
}

describe('answers that end in one turn of the event loop', () => {
  it('go on together, when undici has the connections of all of them back', async () => {
    const { send, answer, order } = dispatcher();
    const sent = [send('first'), send('second')];
    answer(0, 'first');
    // As between the reads of two sockets.
    await null;
    answer(1, 'second');
    await Promise.all(sent);
    expect(order).toStrictEqual(['first is back', 'second is back', 'first goes on', 'second goes on']);
  });

  it('do not wait for one that ends while they go on', async () => {
    const { send, answer, order } = dispatcher();
    const sent = [send('first'), send('second'), send('third')];
    answer(0, 'first');
    await null;
    setImmediate(() => answer(2, 'third'));
    answer(1, 'second');
    await Promise.all(sent);
    expect(order).toStrictEqual([
      'first is back',
      'second is back',
      'first goes on',
      'second goes on',
      'third is back',
      'third goes on',
    ]);
  });

  it('fail alone: by their signal, or because there is no text that long', async () => {
    const { send, answer, order } = dispatcher();
    const stop = new AbortController();
    const sent = [send('first', stop.signal), send('second'), send('third')];
    const tooLong = Object.assign(Buffer.from(''), {
      toString() {
        throw new RangeError('too long');
      },
    });
    answer(0, 'first');
    answer(1, 'second', tooLong);
    answer(2, 'third');
    stop.abort(new Error('given up'));
    expect(await Promise.allSettled(sent)).toMatchObject([
      { reason: { message: 'given up' } },
      { reason: { message: 'too long' } },
      { status: 'fulfilled' },
    ]);
    expect(order.filter(event => event.endsWith('goes on'))).toStrictEqual(['third goes on']);
  });
});
