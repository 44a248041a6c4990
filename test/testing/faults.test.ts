import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  conflict,
  expireToken,
  type Fault,
  latency,
  on,
  reset,
  resetAfter,
  sequence,
  serverError,
  throttle,
  times,
  truncate,
  unavailable,
  when,
  withFaults,
} from '../../src/testing/index.ts';
import { createApi, objectPath } from './support.ts';

const url = `https://kubernetes.test${objectPath}`;
const merge = (status: object) => ({
  method: 'PATCH',
  headers: { 'content-type': 'application/merge-patch+json' },
  body: JSON.stringify({ status }),
});

function faulty(...faults: Fault[]) {
  const api = createApi();
  return { api, fetch: withFaults(api.fetch, ...faults) };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('faults', () => {
  it('without any, it is the API', async () => {
    const { fetch, api } = faulty();
    expect((await fetch(url)).status).toBe(200);
    expect(api.requests).toHaveLength(1);
  });

  it.each<[string, Fault, number, string]>([
    ['conflict', conflict(), 409, 'Conflict'],
    ['throttle', throttle(), 429, 'TooManyRequests'],
    ['unavailable', unavailable(), 503, 'ServiceUnavailable'],
    ['expireToken', expireToken(), 401, 'Unauthorized'],
  ])('%s answers as the API server does, which never sees the request', async (_, fault, status, reason) => {
    const { fetch, api } = faulty(fault);
    const answer = await fetch(url);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ kind: 'Status', status: 'Failure', reason, code: status });
    expect(api.requests).toEqual([]);
  });

  it('conflict names the object', async () => {
    const { message, details } = await (await faulty(conflict()).fetch(url)).json();
    expect(message).toContain(
      'Operation cannot be fulfilled on virtualmcpservers.toolhive.stacklok.dev "demo": ',
    );
    expect(details).toEqual({ name: 'demo', group: 'toolhive.stacklok.dev', kind: 'virtualmcpservers' });
  });

  it('throttle asks for a pause in header and body', async () => {
    const answer = await faulty(throttle({ retryAfterSeconds: 7 })).fetch(url);
    expect(answer.headers.get('retry-after')).toBe('7');
    expect((await answer.json()).details).toEqual({ retryAfterSeconds: 7 });
  });

  it('serverError is a page of something in between', async () => {
    const answer = await faulty(serverError(504)).fetch(url);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([504, 'text/plain; charset=utf-8']);
  });

  it('reset rejects as fetch does, before the request arrives', async () => {
    const { fetch, api } = faulty(reset());
    await expect(fetch(url)).rejects.toThrow(TypeError);
    expect(api.requests).toEqual([]);
  });

  it('resetAfter rejects after the request was carried out', async () => {
    const { fetch, api } = faulty(resetAfter());
    await expect(fetch(`${url}/status`, merge({ phase: 'Ready' }))).rejects.toThrow(TypeError);
    expect(api.get('ns', 'demo')?.status).toEqual({ phase: 'Ready' });
  });

  it('truncate keeps a part of the body', async () => {
    const whole = await (await faulty().fetch(url)).text();
    const answer = await faulty(truncate({ keep: 0.25 })).fetch(url);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(whole.slice(0, Math.floor(whole.length / 4)));
  });

  it('latency waits with the given clock', async () => {
    const slept: number[] = [];
    const sleep = async (milliseconds: number) => void slept.push(milliseconds);
    expect((await faulty(latency(250, { sleep })).fetch(url)).status).toBe(200);
    expect(slept).toEqual([250]);
  });

  it('an aborted request rejects at once with the reason, also in the middle of a latency', async () => {
    vi.useFakeTimers();
    const { fetch, api } = faulty(latency(60_000));
    const controller = new AbortController();
    const answer = fetch(url, { signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(answer).rejects.toBe(reason);
    await expect(fetch(url, { signal: controller.signal })).rejects.toBe(reason);
    expect(api.requests).toEqual([]);
  });

  it('times, sequence, when and on choose the requests', async () => {
    const codes = async (...faults: Fault[]) => {
      const { fetch } = faulty(...faults);
      const read = async () => (await fetch(url)).status;
      const write = async () => (await fetch(`${url}/status`, merge({}))).status;
      return [await read(), await write(), await read(), await write()];
    };
    expect(await codes(times(2, conflict()))).toEqual([409, 409, 200, 200]);
    expect(await codes(sequence(throttle(), undefined, unavailable()))).toEqual([429, 200, 503, 200]);
    expect(await codes(on('patch', conflict()))).toEqual([200, 409, 200, 409]);
    expect(await codes(on('PATCH', times(1, conflict())))).toEqual([200, 409, 200, 200]);
    expect(await codes(when(request => request.url.endsWith('/demo'), throttle()))).toEqual([
      429, 200, 429, 200,
    ]);
  });

  it('the first fault is the outermost', async () => {
    const order: string[] = [];
    const note =
      (name: string): Fault =>
      (request, next) => {
        order.push(name);
        return next(request);
      };
    await faulty(note('outer'), note('inner')).fetch(url);
    expect(order).toEqual(['outer', 'inner']);
  });
});
