import { describe, expect, it } from 'vitest';
import { forThisMachine } from '../../src/entry/this-machine.ts';

const answer = (url: string) => forThisMachine(() => new Response('status'))(new Request(url));

describe('a service that asks nobody who they are', () => {
  it.each([
    'http://127.0.0.1:8787/',
    'http://localhost:8787/v1/events',
    'http://[::1]/',
    'http://LOCALHOST/',
  ])('answers at %s', async url => expect(await (await answer(url)).text()).toBe('status'));

  it.each([
    'http://rebound.example:8787/',
    'http://127.0.0.1.example/',
    'http://localhost.example/v1/virtualmcpservers',
    'http://192.168.1.2/',
    'http://[::2]/',
    'http://0.0.0.0/',
  ])('refuses what was meant for %s', async url => {
    const refusal = await answer(url);
    expect(refusal.headers.get('content-type')).toBe('application/problem+json');
    expect([refusal.status, await refusal.json()]).toMatchObject([403, { code: 'forbidden', status: 403 }]);
  });
});
