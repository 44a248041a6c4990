import { describe, expect, it } from 'vitest';
import { isConfigurationError } from '../../src/errors.ts';
import { checkOptions } from '../../src/transport/options.ts';
import type { TlsOptions } from '../../src/types.ts';

const certificate = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const key = (kind: string) => `-----BEGIN ${kind}PRIVATE KEY-----\nMIIB\n-----END ${kind}PRIVATE KEY-----\n`;

describe('checkOptions', () => {
  it.each<[string, TlsOptions | undefined]>([
    ['nothing', undefined],
    ['a CA', { ca: `# a comment\n${certificate}` }],
    ['an empty CA, which counts as none', { ca: '' }],
    ['a client certificate', { cert: certificate, key: key('') }],
    ['an RSA key', { cert: certificate, key: key('RSA ') }],
    ['an EC key', { cert: certificate, key: key('EC ') }],
  ])('takes %s', (_, tls) => {
    expect(() => checkOptions(tls ? { tls } : {})).not.toThrow();
  });

  it.each<[string, TlsOptions]>([
    ['tls.ca', { ca: btoa(certificate) }],
    ['tls.cert', { cert: 'hush', key: key('') }],
    ['tls.key', { cert: certificate, key: 'hush' }],
    ['tls.key', { cert: certificate, key: certificate }],
    ['tls.cert', { cert: certificate }],
    ['tls.key', { key: key('') }],
  ])('refuses a wrong %s and does not quote it', (name, tls) => {
    const error = (() => {
      try {
        checkOptions({ tls });
      } catch (error) {
        return error as Error;
      }
    })();
    expect(isConfigurationError(error)).toBe(true);
    expect(error?.message).toContain(name);
    expect(error?.message).not.toContain('hush');
    expect(error?.message).not.toContain('MIIB');
  });

  it.each(['http://proxy:3128', 'https://me:pass@proxy'])('takes the proxy %s', proxyUrl => {
    expect(() => checkOptions({ proxyUrl })).not.toThrow();
  });

  it.each(['proxy:3128', 'socks5://me:hush@proxy', 'hush'])(
    'refuses the proxy %s and does not quote it',
    proxyUrl => {
      expect(() => checkOptions({ proxyUrl })).toThrow(/^(?!.*hush).*http: or https:/);
    },
  );
});
