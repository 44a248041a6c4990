import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Call } from '../../src/api/call.ts';
import type { ApiRequest } from '../../src/api/requests.ts';
import { StatusReporterError } from '../../src/errors.ts';
import { createPlaces } from '../../src/transport/places.ts';
import type { OwnTransport } from '../../src/types.ts';
import { type Answer, failure, response, type Scripted, scripted, silence } from './support.ts';

const patch: ApiRequest = {
  method: 'PATCH',
  path: '/apis',
  accept: 'application/json;as=Table',
  contentType: 'application/apply-patch+yaml',
  body: '{}',
};
const get: ApiRequest = { method: 'GET', path: '/apis', accept: 'application/json' };
const reset = new StatusReporterError('unavailable', 'The connection was reset');

function send({ client }: Scripted, totalTimeout = 30_000, signal?: AbortSignal) {
  const call = new Call(totalTimeout, signal);
  const outcome = client.send<any>(get, 'Testing', call).then(
    value => ({ value, error: undefined, call }),
    error => ({ value: undefined, error, call }),
  );
  return outcome;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a request', () => {
  it('goes to the server, prefix and all, with the token and the further headers', async () => {
    const server = scripted([{ body: { ok: true } }], {
      access: { server: 'https://api.test/k8s/c1', token: 't', headers: { 'impersonate-user': 'jane' } },
    });
    expect((await send(server)).value).toEqual({ ok: true });
    expect(server.requests).toEqual([
      {
        method: 'GET',
        url: 'https://api.test/k8s/c1/apis',
        headers: {
          'user-agent': 'vmcp-status-reporter',
          accept: 'application/json',
          'impersonate-user': 'jane',
          authorization: 'Bearer t',
        },
        signal: expect.any(AbortSignal),
      },
    ]);
  });

  it('has the headers of its own kind, whatever was sent before', async () => {
    const server = scripted([{}]);
    const put: ApiRequest = { ...patch, method: 'PUT', contentType: 'application/json' };
    const whole: ApiRequest = { ...put, accept: 'application/json' };
    const requests = [get, patch, patch, put, whole, get];
    for (const request of requests) await server.client.send(request, 'Testing', new Call(1000));
    expect(server.requests.map(({ headers }) => [headers.accept, headers['content-type']])).toStrictEqual(
      requests.map(({ accept, contentType }) => [accept, contentType]),
    );
    expect('content-type' in server.requests.at(-1)!.headers).toBe(false);
  });

  it('has the token of now', async () => {
    const tokens = ['first', 'second'];
    const transport: OwnTransport = { request: async () => response({}), close: async () => {} };
    const request = vi.spyOn(transport, 'request');
    const server = scripted([], {
      connect: async () => ({ access: { server: 'https://api.test', token: tokens.shift()! }, transport }),
    });
    await send(server);
    await send(server);
    const sent = request.mock.calls.map(([{ headers }]) => headers['authorization']);
    expect(sent).toStrictEqual(['Bearer first', 'Bearer second']);
  });

  it('has no authorization header without a token', async () => {
    const server = scripted([{}], { access: { server: 'https://api.test' } });
    await send(server);
    expect(server.requests[0]!.headers).not.toHaveProperty('authorization');
  });
});

describe('an answer', () => {
  it('is asked for its headers as the object that it is', async () => {
    class Page {
      readonly status = 200;
      readonly text = '<html>';
      readonly #type = 'text/html';
      header() {
        return this.#type;
      }
    }
    const { error } = await send(scripted([async () => new Page()]));
    expect(error.message).toContain('6 characters of text/html');
  });
});

const table = JSON.stringify({
  kind: 'Table',
  apiVersion: 'meta.k8s.io/v1',
  metadata: { resourceVersion: '4711' },
  columnDefinitions: [{ name: 'Name' }],
  rows: [{ cells: ['demo'], object: null }],
});

describe('of a Table', () => {
  it.each([table, `${table}\n`])('the resourceVersion is taken', async body => {
    const { value } = await send(scripted([{ body }]));
    expect(value).toMatchObject({ metadata: { resourceVersion: '4711' } });
  });
});

describe('what may pass is tried again', () => {
  it.each<[string, Answer]>([
    ['429', failure(429, 'TooManyRequests')],
    ['500', failure(500, 'InternalError')],
    ['502 of a proxy', { status: 502, body: '<html>', headers: { 'content-type': 'text/html' } }],
    ['503', failure(503, 'ServiceUnavailable')],
    ['504', failure(504, 'Timeout')],
    ['a reset connection', reset],
    ['a body that is cut off', { body: '{"metadata":{"resour' }],
    ['a Table that is cut off in its resourceVersion', { body: table.slice(0, 76) }],
    ['a Table that is cut off after it', { body: table.slice(0, 100) }],
  ])('%s', async (_, answer) => {
    const server = scripted([answer, { body: { ok: true } }]);
    const sent = send(server);
    await vi.runAllTimersAsync();
    const { value, call } = await sent;
    expect(value).toEqual({ ok: true });
    expect(call.requests).toBe(2);
  });

  it('after ever longer waits, with full jitter', async () => {
    const waits: number[] = [];
    const server = scripted([reset, reset, reset, reset, {}], { onRetry: (_, delay) => waits.push(delay) });
    const sent = send(server);
    await vi.runAllTimersAsync();
    await sent;
    expect(waits).toEqual([100, 200, 400, 800]);
  });

  it('after the time that the server asked for, in the header or in the details', async () => {
    const waits: number[] = [];
    const server = scripted(
      [
        { ...failure(429, 'TooManyRequests'), headers: { 'retry-after': '3' } },
        failure(503, 'ServiceUnavailable', { details: { retryAfterSeconds: 5 } }),
        {},
      ],
      { onRetry: (_, delay) => waits.push(delay) },
    );
    const sent = send(server);
    await vi.runAllTimersAsync();
    await sent;
    expect(waits).toEqual([3_000, 5_000]);
  });

  it('but not where the wait would end after the deadline: the error comes at once', async () => {
    const server = scripted([{ ...failure(429, 'TooManyRequests'), headers: { 'retry-after': '60' } }]);
    const { error } = await send(server, 30_000);
    expect(error).toMatchObject({ code: 'throttled', retryAfterSeconds: 60 });
    expect(server.requests).toHaveLength(1);
  });

  it('at most ten times', async () => {
    const server = scripted([reset]);
    const sent = send(server, 10 ** 9);
    await vi.runAllTimersAsync();
    expect((await sent).error).toBe(reset);
    expect(server.requests).toHaveLength(10);
  });
});

describe('what cannot pass is an error at once', () => {
  it.each<[string, Answer, string]>([
    ['400', failure(400, 'BadRequest'), 'rejected'],
    ['403', failure(403, 'Forbidden'), 'forbidden'],
    ['404', failure(404, 'NotFound'), 'not_found'],
    ['409', failure(409, 'Conflict'), 'conflict'],
    ['413', failure(413, 'RequestEntityTooLarge'), 'too_large'],
    ['415', failure(415, 'UnsupportedMediaType'), 'rejected'],
    ['422', failure(422, 'Invalid'), 'rejected'],
    [
      'an apply of an unknown field',
      { status: 500, body: { kind: 'Status', message: '.status.foo: field not declared in schema' } },
      'rejected',
    ],
    [
      'an apply with duplicates',
      { status: 500, body: { kind: 'Status', message: 'duplicate entries for key [name="a"]' } },
      'rejected',
    ],
    [
      'what etcd does not take',
      { status: 500, body: { kind: 'Status', message: 'etcdserver: request is too large' } },
      'too_large',
    ],
    [
      'what gRPC does not take',
      { status: 500, body: { kind: 'Status', message: 'rpc error: code = ResourceExhausted' } },
      'too_large',
    ],
    ['a page that is no API', { body: '<html>', headers: { 'content-type': 'text/html' } }, 'protocol'],
    ['a redirect', { status: 302, body: '' }, 'protocol'],
    [
      'a certificate of somebody else, also when read again',
      new StatusReporterError('tls', 'wrong name'),
      'tls',
    ],
  ])('%s', async (_, answer, code) => {
    const server = scripted([answer]);
    const { error } = await send(server);
    expect(error).toMatchObject({ code });
    expect(server.requests.length).toBeLessThanOrEqual(2);
  });

  it('with the reason and the causes of the API server', async () => {
    const causes = [{ reason: 'FieldValueInvalid', message: 'bad', field: 'status.phase' }];
    const { error } = await send(scripted([failure(422, 'Invalid', { details: { causes } })]));
    expect(error).toMatchObject({ httpStatus: 422, reason: 'Invalid', causes });
    expect(error.message).toBe('Testing: the API server answered 422 Invalid: it says Invalid');
  });

  it('and with no token in it', async () => {
    const { error } = await send(scripted([failure(403, 'Forbidden')]));
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain('secret-token');
  });
});

describe('credentials', () => {
  it('are read again once after a 401, at once', async () => {
    const server = scripted([failure(401, 'Unauthorized'), { body: { ok: true } }]);
    expect((await send(server)).value).toEqual({ ok: true });
    expect(server.refreshes).toEqual([false, true]);
  });

  it('are not read again a second time', async () => {
    const server = scripted([failure(401, 'Unauthorized')]);
    expect((await send(server)).error).toMatchObject({ code: 'unauthorized' });
    expect(server.refreshes).toEqual([false, true]);
  });

  it('are read again once when the certificate is not trusted: the CA may have been replaced', async () => {
    const server = scripted([new StatusReporterError('tls', 'unknown CA'), { body: { ok: true } }]);
    expect((await send(server)).value).toEqual({ ok: true });
    expect(server.refreshes).toEqual([false, true]);
  });
});

describe('time', () => {
  it('one attempt that takes longer than its timeout is tried again', async () => {
    const server = scripted([silence, { body: { ok: true } }]);
    const sent = send(server);
    await vi.advanceTimersByTimeAsync(1_000 + 100);
    expect((await sent).value).toEqual({ ok: true });
  });

  it('all attempts end with the total timeout', async () => {
    const server = scripted([silence]);
    const sent = send(server, 2_500);
    await vi.advanceTimersByTimeAsync(2_500);
    const { error } = await sent;
    expect(error).toMatchObject({ code: 'timeout' });
    expect(error.message).toContain('2500 ms');
  });

  it('ends an attempt of a transport that does not listen to its signal, and an aborted wait at once', async () => {
    const deaf: Answer = () => new Promise(() => {});
    const sent = send(scripted([deaf, { body: { ok: true } }]));
    await vi.advanceTimersByTimeAsync(1_000 + 100);
    expect((await sent).value).toEqual({ ok: true });
    const controller = new AbortController();
    const waiting = send(scripted([reset]), 30_000, controller.signal);
    await vi.advanceTimersByTimeAsync(50);
    controller.abort();
    expect((await waiting).error).toMatchObject({ code: 'aborted' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("an abort ends a request, a wait and what has not begun, with the caller's reason", async () => {
    for (const answer of [silence, reset]) {
      const controller = new AbortController();
      const sent = send(scripted([answer]), 30_000, controller.signal);
      await vi.advanceTimersByTimeAsync(50);
      controller.abort('enough');
      expect((await sent).error).toMatchObject({ code: 'aborted', cause: 'enough' });
    }
    const server = scripted([{}]);
    expect((await send(server, 30_000, AbortSignal.abort())).error).toMatchObject({ code: 'aborted' });
    expect(server.requests).toEqual([]);
  });

  it('leaves no timer and no listener behind', async () => {
    const controller = new AbortController();
    const remove = vi.spyOn(controller.signal, 'removeEventListener');
    await send(scripted([{}]), 30_000, controller.signal);
    expect(vi.getTimerCount()).toBe(0);
    expect(remove).toHaveBeenCalledTimes(1);
  });
});

describe('a schedule', () => {
  it('stands around every attempt and sees how it ends', async () => {
    const seen: unknown[] = [];
    const server = scripted([reset, failure(503), { body: { ok: true } }], {
      schedule: async (send, { method, attempt }) => {
        const answer = await send().catch(error => {
          seen.push([method, attempt, error]);
          throw error;
        });
        seen.push([method, attempt, answer.status]);
        return answer;
      },
    });
    const sent = send(server);
    await vi.runAllTimersAsync();
    expect((await sent).value).toEqual({ ok: true });
    expect(seen).toEqual([
      ['GET', 1, reset],
      ['GET', 2, 503],
      ['GET', 3, 200],
    ]);
  });

  it('may hold a request back for longer than one attempt may take', async () => {
    const server = scripted([{ body: { ok: true } }], {
      schedule: async send => {
        await new Promise(resolve => setTimeout(resolve, 20_000));
        return send();
      },
    });
    const sent = send(server);
    await vi.advanceTimersByTimeAsync(19_999);
    expect(server.requests).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect((await sent).value).toEqual({ ok: true });
  });

  it('sees an attempt end that takes too long from its turn on, also where its transport does not listen', async () => {
    const deaf: Answer = () => new Promise(() => {});
    const ends: unknown[] = [];
    const server = scripted([deaf, { body: { ok: true } }], {
      schedule: async send => {
        await new Promise(resolve => setTimeout(resolve, 5_000));
        return send().catch(error => {
          ends.push(error.code);
          throw error;
        });
      },
    });
    const sent = send(server);
    await vi.advanceTimersByTimeAsync(5_999);
    expect(ends).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(ends).toEqual(['timeout']);
    await vi.runAllTimersAsync();
    expect((await sent).value).toEqual({ ok: true });
  });

  it('hears when nobody waits any more: the caller gave up, or the time is over', async () => {
    const signals: AbortSignal[] = [];
    const server = scripted([{}], {
      schedule: (_, { signal }) => {
        signals.push(signal);
        return new Promise(() => {});
      },
    });
    const controller = new AbortController();
    const sent = [send(server, 30_000, controller.signal), send(server, 500)];
    controller.abort();
    await vi.runAllTimersAsync();
    expect((await Promise.all(sent)).map(({ error }) => error?.code)).toEqual(['aborted', 'timeout']);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
    expect(server.requests).toHaveLength(0);
  });
});

describe('where others are under way', () => {
  function crowded() {
    const places = createPlaces(1);
    const transport: OwnTransport = { request: async () => response({}), close: async () => {}, places };
    const connect = async () => ({ access: { server: 'https://api.test' }, transport });
    return { places, server: scripted([{}], { connect, timeout: 1_000 }) };
  }

  it('waits for its turn, which does not count for the timeout', async () => {
    const { places, server } = crowded();
    void places.enter();
    const outcome = send(server);
    await vi.advanceTimersByTimeAsync(5_000);
    places.leave();
    const { call, error } = await outcome;
    expect(error).toBeUndefined();
    expect(call.requests).toBe(1);
  });

  it('has all of the timeout from its turn on', async () => {
    const places = createPlaces(1);
    const request = vi.fn(silence as OwnTransport['request']);
    const transport: OwnTransport = { request, close: async () => {}, places };
    const connect = async () => ({ access: { server: 'https://api.test' }, transport });
    void places.enter();
    const outcome = send(scripted([{}], { connect, timeout: 1_000 }), 7_500);
    await vi.advanceTimersByTimeAsync(5_000);
    places.leave();
    await vi.advanceTimersByTimeAsync(999);
    expect(request).toHaveBeenCalledOnce();
    expect(request.mock.lastCall![0].signal!.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(request.mock.lastCall![0].signal!.aborted).toBe(true);
    await vi.runAllTimersAsync();
    expect((await outcome).error).toMatchObject({ code: 'timeout' });
  });

  it('gives the place back, also where no answer comes', async () => {
    const { places, server } = crowded();
    await send(server);
    expect(places.enter()).toBeUndefined();
    places.leave();
    const request = silence as OwnTransport['request'];
    const transport: OwnTransport = { request, close: async () => {}, places };
    const deaf = scripted([{}], {
      connect: async () => ({ access: { server: 'https://api.test' }, transport }),
    });
    const outcome = send(deaf, 900);
    await vi.advanceTimersByTimeAsync(900);
    expect((await outcome).error).toMatchObject({ code: 'timeout' });
    await vi.advanceTimersByTimeAsync(0);
    expect(places.enter()).toBeUndefined();
  });

  it('gives up at its own end, without having sent anything', async () => {
    const { places, server } = crowded();
    void places.enter();
    const outcome = send(server, 3_000);
    await vi.advanceTimersByTimeAsync(3_000);
    const { call, error } = await outcome;
    expect(error).toMatchObject({ code: 'timeout', message: expect.stringContaining('totalTimeout') });
    expect(call.requests).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
