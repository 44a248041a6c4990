import { describe, expect, it, onTestFinished, vi } from 'vitest';
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
    const others = Promise.withResolvers<unknown>();
    const first = send('/a');
    setImmediate(async () => {
      const second = send('/b');
      for (let step = 0; step < 10; step++) await null;
      others.resolve(Promise.all([second, send('/c')]));
    });
    await first;
    expect(order).toStrictEqual(['/a begins', '/a goes on']);
    await others.promise;
    expect(order.slice(2)).toStrictEqual(['/b begins', '/c begins', '/b goes on', '/c goes on']);
  });

  it('takes requests as they come where there is no setImmediate', async () => {
    vi.resetModules();
    vi.stubGlobal('setImmediate', undefined);
    onTestFinished(() => void vi.unstubAllGlobals());
    const { cohort } = await import('../../src/http/cohort.ts');
    const fetch = vi.fn(() => new Response('fine'));
    const answer = cohort(fetch)();
    expect(fetch).toHaveBeenCalledOnce();
    expect((await answer).status).toBe(200);
  });

  it('does not stand still with fake timers', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    expect((await service().send('/a')).status).toBe(200);
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
