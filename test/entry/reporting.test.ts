import { describe, expect, it, vi } from 'vitest';
import { staticCredentials } from '../../src/credentials/static.ts';
import { createReporting } from '../../src/entry/reporting.ts';
import type { Credentials } from '../../src/types.ts';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const reporting = (credentials: Credentials) => createReporting({ credentials, logger: console });

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
