import { describe, expect, it, vi } from 'vitest';
import { connectWith } from '../../src/api/connection.ts';
import type { Access, Credentials, Sender } from '../../src/types.ts';

const transport: Sender = { request: () => Promise.reject(new Error('unused')) };
const known: Access = { server: 'https://known.test' };
const read: Access = { server: 'https://read.test' };
const { signal } = new AbortController();

function connecting(current?: Credentials['current']) {
  const access = vi.fn(async () => read);
  const transports = { for: vi.fn(() => transport) };
  const connect = connectWith({ source: 'a test', access, ...(current && { current }) }, transports);
  return { connect, access, transports };
}

describe('a connection', () => {
  it('is there at once where the credentials are', () => {
    const { connect, access, transports } = connecting(() => known);
    expect(connect({ refresh: false, signal })).toEqual({ access: known, transport });
    expect(transports.for).toHaveBeenCalledExactlyOnceWith(known);
    expect(access).not.toHaveBeenCalled();
  });

  it.each([
    ['they have to be read', false, () => undefined],
    ['they never are', false, undefined],
    ['they are to be read again', true, () => known],
  ])('waits for the credentials where %s', async (_, refresh, current) => {
    const { connect, access, transports } = connecting(current);
    expect(await connect({ refresh, signal })).toEqual({ access: read, transport });
    expect(access).toHaveBeenCalledExactlyOnceWith({ refresh, signal });
    expect(transports.for).toHaveBeenCalledExactlyOnceWith(read);
  });
});
