import { describe, expect, it } from 'vitest';
import { cohort } from '../../src/http/cohort.ts';

function service() {
  const order: string[] = [];
  const fetch = cohort(async (request: Request, env?: object) => {
    const { pathname } = new URL(request.url);
    order.push(`${pathname} begins`);
    await null;
    order.push(`${pathname} goes on`);
    return Response.json({ env });
  });
  return { order, send: (path: string, env?: object) => fetch(new Request(`http://service${path}`), env) };
}

describe('cohort', () => {
  it('lets the requests of one turn take every step together', async () => {
    const { send, order } = service();
    const answers = [send('/a')];
    // As between the reads of two sockets.
    await null;
    answers.push(send('/b'));
    expect(order).toStrictEqual([]);
    await Promise.all(answers);
    expect(order).toStrictEqual(['/a begins', '/b begins', '/a goes on', '/b goes on']);
  });

  it('keeps no request for those of the next turn', async () => {
    const { send, order } = service();
    const first = send('/a');
    setImmediate(() => void send('/b'));
    await first;
    expect(order).toStrictEqual(['/a begins', '/a goes on']);
  });

  it('hands over all that a server gives, and gives back its answer', async () => {
    expect(await (await service().send('/a', { incoming: 1 })).json()).toStrictEqual({
      env: { incoming: 1 },
    });
  });

  it('fails alone', async () => {
    const fetch = cohort((fails: boolean) => {
      if (fails) throw new Error('refused');
      return new Response('fine');
    });
    const [failed, answered] = await Promise.allSettled([fetch(true), fetch(false)]);
    expect([failed.status, answered.status]).toStrictEqual(['rejected', 'fulfilled']);
  });
});
