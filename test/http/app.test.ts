import { describe, expect, it } from 'vitest';
import { ApiError, ConfigurationError, type ErrorCode, StatusReporterError } from '../../src/errors.ts';
import { path, problemOf, serviceOf } from './stub.ts';

describe('PUT of a status', () => {
  it('reports it to its resource and answers what became of it', async () => {
    const { put, reported } = serviceOf();
    const answer = await put({ phase: 'Ready', message: 'fine' });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toStrictEqual({
      outcome: 'applied',
      resourceVersion: '7',
      requests: 2,
      attempts: 1,
    });
    expect(reported).toStrictEqual([{ target: 'default/demo', status: { phase: 'Ready', message: 'fine' } }]);
  });

  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
    'application/vnd.x+json',
  ])('takes %s', async type =>
    expect((await serviceOf().put({ phase: 'Ready' }, { 'content-type': type })).status).toBe(200),
  );

  it('answers 422 with a JSON pointer and a message for every fault', async () => {
    const { put, reported } = serviceOf();
    const answer = await put({
      phase: 'Up',
      'a/b~c': 1,
      conditions: [{ type: 'Ready', status: 'True', reason: '' }],
    });
    expect(answer.status).toBe(422);
    expect(await problemOf(answer)).toMatchObject({
      title: 'Unprocessable Content',
      code: 'invalid_status',
      issues: [
        { path: '/phase', message: expect.stringContaining('"Degraded"') },
        { path: '/a~1b~0c', message: expect.stringContaining('unknown property') },
        { path: '/conditions/0/reason', message: expect.stringContaining('expected') },
      ],
    });
    expect(reported).toStrictEqual([]);
  });

  it.each(['null', '[]', '7'])('answers 422 to %s', async body =>
    expect((await serviceOf().put(body)).status).toBe(422),
  );

  it.each([
    ['nothing', ''],
    ['half of an object', '{"phase":'],
    ['text that is no UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
    ['100,000 brackets', '['.repeat(100_000)],
  ])('answers 400 to %s', async (_, body) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await serviceOf().app.request(path, { method: 'PUT', headers, body });
    expect(answer.status).toBe(400);
    expect(await problemOf(answer)).toMatchObject({
      code: 'malformed',
      detail: expect.stringContaining('JSON in UTF-8'),
    });
  });

  it.each([
    [{}, 'text/plain;charset=UTF-8'],
    [{ 'content-type': 'application/x-www-form-urlencoded' }, 'form'],
    [{ 'content-type': 'application/json; charset=latin1' }, 'latin1'],
    [{ 'content-type': 'application/yaml' }, 'yaml'],
  ])('answers 415 to %j', async (headers, found) => {
    const answer = await serviceOf().put({ phase: 'Ready' }, headers);
    expect(answer.status).toBe(415);
    expect(answer.headers.get('accept')).toBe('application/json');
    expect((await problemOf(answer)).detail).toContain(found);
  });

  it('answers 415 to a compressed body', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect((await serviceOf().put({ phase: 'Ready' }, headers)).status).toBe(415);
  });
});

describe('GET of a status', () => {
  it('answers what the cluster says, what others wrote included', async () => {
    const metadata = { name: 'demo', namespace: 'default', resourceVersion: '42', generation: 3 };
    const { app } = serviceOf({ read: () => ({ metadata, status: { phase: 'Ready', url: 'https://a' } }) });
    const answer = await app.request(path);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toStrictEqual({
      namespace: 'default',
      name: 'demo',
      resourceVersion: '42',
      generation: 3,
      status: { phase: 'Ready', url: 'https://a' },
    });
  });

  it('answers an empty status where nobody has written one', async () => {
    expect(await (await serviceOf().app.request(path)).json()).toMatchObject({ status: {} });
  });

  it('gives up when the caller does', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const { app } = serviceOf({
      read: signal => {
        signals.push(signal);
        return { metadata: { resourceVersion: '1' } };
      },
    });
    const controller = new AbortController();
    await app.request(path, { signal: controller.signal });
    controller.abort();
    expect(signals[0]?.aborted).toBe(true);
  });
});

describe('what the reporter cannot do', () => {
  const failing = (error: unknown) => serviceOf({ report: () => Promise.reject(error) });
  const api = (code: ErrorCode, httpStatus: number, retryAfterSeconds?: number) =>
    new ApiError(code, `says ${httpStatus}`, {
      httpStatus,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });

  it.each([
    [api('forbidden', 403), 403, undefined],
    [api('not_found', 404), 404, undefined],
    [api('conflict', 409), 409, undefined],
    [api('too_large', 500), 413, undefined],
    [api('rejected', 422), 422, undefined],
    [api('rejected', 500), 422, undefined],
    [api('rejected', 400), 502, undefined],
    [api('rejected', 405), 502, undefined],
    [api('rejected', 415), 502, undefined],
    [api('throttled', 429), 429, '1'],
    [api('throttled', 429, 2.5), 429, '3'],
    [api('unauthorized', 401), 502, undefined],
    [api('unavailable', 500), 502, undefined],
    [api('unavailable', 503), 503, '5'],
    [api('unavailable', 503, 30), 503, '30'],
    [api('unavailable', 504), 504, undefined],
    [new StatusReporterError('unavailable', 'connect ECONNREFUSED'), 502, undefined],
    [new StatusReporterError('tls', 'unknown CA'), 502, undefined],
    [new StatusReporterError('protocol', 'a page'), 502, undefined],
    [new StatusReporterError('timeout', 'too late'), 504, undefined],
    [new StatusReporterError('closed', 'shut'), 503, '5'],
    [new ConfigurationError('no CA'), 503, '5'],
    [new TypeError('a bug'), 500, undefined],
  ])('%s is a %d', async (error, status, retryAfter) => {
    const answer = await failing(error).put({ phase: 'Ready' });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('retry-after') ?? undefined).toBe(retryAfter);
    expect((await problemOf(answer)).code).toBe(
      error instanceof StatusReporterError ? error.code : 'internal',
    );
  });

  it('tells the caller nothing of addresses and files; the log knows, by the id of the request', async () => {
    for (const error of [
      new ConfigurationError('/etc/secret/ca.crt is missing'),
      new StatusReporterError('unavailable', 'connect ECONNREFUSED /etc/secret'),
      new Error('/etc/secret'),
    ]) {
      const { put, logged } = failing(error);
      const answer = await put({ phase: 'Ready' });
      expect(await answer.text()).not.toContain('secret');
      expect(logged).toHaveLength(1);
      expect(logged[0]).toMatch(/^error .*secret/);
      expect(logged[0]).toContain(answer.headers.get('x-request-id')!);
    }
  });

  it('does not log as an error what is the fault of the caller', async () => {
    const { put, logged } = failing(api('not_found', 404));
    await put({ phase: 'Ready' });
    await put('{');
    expect(logged.map(line => line.split(' ')[0])).toStrictEqual(['info', 'info']);
  });
});
