import { describe, expect, it, vi } from 'vitest';
import { acquireTransport, followAccess } from '../../src/transport/pool.ts';
import type { OwnTransport, TransportOptions } from '../../src/types.ts';

const server = 'https://api.example:6443';

function recorder() {
  const made: (OwnTransport & { options: TransportOptions; close: ReturnType<typeof vi.fn> })[] = [];
  const create = (options: TransportOptions): OwnTransport => {
    const transport = { options, request: vi.fn(), close: vi.fn(async () => {}) };
    made.push(transport);
    return transport;
  };
  return { made, create };
}

describe('acquireTransport', () => {
  it('shares one transport among equal options, whatever the path of the server', () => {
    const { made, create } = recorder();
    const one = acquireTransport(`${server}/k8s/clusters/a`, { tls: { ca: 'A' } }, create);
    const two = acquireTransport(server, { tls: { ca: 'A', insecureSkipVerify: false } }, create);
    expect(two.transport).toBe(one.transport);
    expect(made).toHaveLength(1);
  });

  it.each<[string, string, TransportOptions]>([
    ['another server', 'https://other.example', {}],
    ['another port', 'https://api.example', {}],
    ['a CA', server, { tls: { ca: 'A' } }],
    ['a client certificate', server, { tls: { cert: 'C', key: 'K' } }],
    ['a key', server, { tls: { key: 'K' } }],
    ['a server name', server, { tls: { serverName: 'kubernetes' } }],
    ['no check', server, { tls: { insecureSkipVerify: true } }],
    ['a proxy', server, { proxyUrl: 'http://proxy' }],
    ['more connections', server, { connections: 64 }],
  ])('does not share with %s', (_, otherServer, options) => {
    const { create } = recorder();
    const one = acquireTransport(server, {}, create);
    expect(acquireTransport(otherServer, options, create).transport).not.toBe(one.transport);
  });

  it('does not share what was made in another way', () => {
    const one = acquireTransport(server, {}, recorder().create);
    expect(acquireTransport(server, {}, recorder().create).transport).not.toBe(one.transport);
  });

  it('closes when the last user leaves, however often each says so', async () => {
    const { made, create } = recorder();
    const one = acquireTransport(server, {}, create);
    const two = acquireTransport(server, {}, create);
    await one.release();
    await one.release();
    expect(made[0]?.close).not.toHaveBeenCalled();
    await two.release();
    await two.release();
    expect(made[0]?.close).toHaveBeenCalledTimes(1);

    acquireTransport(server, {}, create);
    expect(made).toHaveLength(2);
  });
});

describe('followAccess', () => {
  it('keeps the transport while only the token changes', async () => {
    const { made, create } = recorder();
    const follower = followAccess(create, 4);
    const first = follower.for({ server, token: 'one', tls: { ca: 'A' } });
    expect(follower.for({ server, token: 'two', tls: { ca: 'A' } })).toBe(first);
    expect(made.map(({ options }) => options)).toEqual([{ tls: { ca: 'A' }, connections: 4 }]);
    expect(made[0]?.close).not.toHaveBeenCalled();
  });

  it('replaces the transport when the CA changes, and closes the old one', () => {
    const { made, create } = recorder();
    const follower = followAccess(create);
    const first = follower.for({ server, tls: { ca: 'A' } });
    expect(follower.for({ server, tls: { ca: 'B' } })).not.toBe(first);
    expect(made[0]?.close).toHaveBeenCalledTimes(1);
    expect(made[1]?.close).not.toHaveBeenCalled();
  });

  it('leaves a transport open that somebody else still uses', () => {
    const { made, create } = recorder();
    const access = { server, tls: { ca: 'A' } };
    const [one, two] = [followAccess(create), followAccess(create)];
    expect(one.for(access)).toBe(two.for({ ...access }));
    one.for({ server, tls: { ca: 'B' } });
    expect(made[0]?.close).not.toHaveBeenCalled();
  });

  it('gives its share back when closed', async () => {
    const { made, create } = recorder();
    const follower = followAccess(create);
    await follower.close();
    follower.for({ server });
    await follower.close();
    await follower.close();
    expect(made[0]?.close).toHaveBeenCalledTimes(1);
  });
});
