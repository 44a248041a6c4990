import { expect, it, vi } from 'vitest';
import { Call } from '../../src/api/call.ts';
import { givenTransport } from '../../src/transport/given.ts';
import type { Transport } from '../../src/types.ts';

const answer = { status: 200, header: () => undefined, text: 'ok' };

it('a transport that a program brought gets AbortSignals, and nothing that is undefined', async () => {
  const request = vi.fn<Transport['request']>(async () => answer);
  const given = givenTransport({ request, close: async () => {} });
  const get = { method: 'GET', url: 'https://api.test/', headers: {} };
  expect(await new Call(1000).step(signal => given.request({ ...get, body: undefined, signal }))).toBe(
    answer,
  );
  expect(request.mock.lastCall).toStrictEqual([{ ...get, signal: expect.any(AbortSignal) }]);
  await given.request({ ...get, signal: undefined });
  expect(request.mock.lastCall).toStrictEqual([get]);
});
