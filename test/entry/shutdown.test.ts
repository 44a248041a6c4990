import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { serviceBehind } from './in-process.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A service behind a server that ends when it is told that its requests are answered. */
async function serving() {
  const told: string[] = [];
  const answered = Promise.withResolvers<void>();
  const listen = async () => ({
    url: 'http://127.0.0.1:1',
    stop() {
      told.push('server');
      return answered.promise;
    },
  });
  const service = await serviceBehind(listen, () => void told.push('cluster'));
  return { service, told, answered: answered.resolve };
}

describe('a service that is stopped', () => {
  it('tells its server at once to take no more requests, and its cluster last', async () => {
    const { service, told, answered } = await serving();
    const stopped = service.stop();
    expect(told).toStrictEqual(['server']);
    answered();
    await stopped;
    expect(told).toStrictEqual(['server', 'cluster']);
  });

  it('says so where that takes longer than 10 s, and waits no longer', async () => {
    const { service } = await serving();
    const stopped = service.stop().catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(await Promise.race([stopped, 'goes on'])).toBe('goes on');
    await vi.advanceTimersByTimeAsync(1);
    expect(await stopped).toMatchObject({ code: 'timeout', message: expect.stringContaining('within 10 s') });
  });
});
