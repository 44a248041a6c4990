import { describe, expect, it, vi } from 'vitest';
import { staticCredentials } from '../../src/credentials/static.ts';
import { createReporting } from '../../src/entry/reporting.ts';
import type { Credentials } from '../../src/types.ts';
import { startCluster } from '../http/cluster-server.ts';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const nothing = () => {};
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const reporting = (credentials: Credentials) => createReporting({ credentials, logger: silent });

describe('when the token of the service expires', () => {
  it('is what the token says', async () => {
    const token = `${part({ alg: 'none' })}.${part({ exp: 4_000_000_000 })}.`;
    const credentials = staticCredentials({ server: 'https://api.test', token });
    expect(await reporting(credentials).tokenExpiresAt()).toBe(4_000_000_000_000);
  });

  it('is not known where there is none, or it says nothing', async () => {
    for (const token of [undefined, 'opaque']) {
      const credentials = staticCredentials({ server: 'https://api.test', ...(token && { token }) });
      expect(await reporting(credentials).tokenExpiresAt()).toBeUndefined();
    }
  });

  it('is not waited for longer than a second: the metrics are needed most where credentials fail', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
    const access: Credentials['access'] = options =>
      options?.signal?.aborted ? Promise.reject(options.signal.reason) : new Promise(() => {});
    expect(await reporting({ source: 'a slow plugin', access }).tokenExpiresAt()).toBeUndefined();
    expect(timeout).toHaveBeenCalledWith(1_000);
  });
});

describe('many resources', () => {
  it('share one pool of connections', async () => {
    await using cluster = await startCluster();
    const names = Array.from({ length: 40 }, (_, n) => `r${n}`);
    for (const name of names) cluster.api.create({ namespace: 'default', name });
    const credentials = staticCredentials({ server: cluster.url, token: 't' });
    const { create, check, close } = reporting(credentials);
    const caller = { name: 'x', partition: 'service', may: () => true };
    const schedule = <T>(send: () => Promise<T>) => send();
    const reporters = names.map(name => create({ namespace: 'default', name }, caller, { schedule }));
    const results = await Promise.all(reporters.map(reporter => reporter.reportStatus({ phase: 'Ready' })));
    expect(results.map(({ outcome }) => outcome)).toStrictEqual(Array(40).fill('applied'));
    await check(new AbortController().signal);
    expect(cluster.connections()).toBeLessThanOrEqual(16);
    await Promise.all(reporters.map(reporter => reporter[Symbol.asyncDispose]()));
    await close();
  });
});
