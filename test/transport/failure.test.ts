import { describe, expect, it } from 'vitest';
import { ConfigurationError, isStatusReporterError } from '../../src/errors.ts';
import { transportFailure } from '../../src/transport/failure.ts';

const request = { method: 'GET', url: 'https://api.example:6443/prefix/secret-path', headers: {} };
const coded = (code: string, message: string) => Object.assign(new Error(message), { code });

describe('transportFailure', () => {
  it.each<[string, string, Error]>([
    ['Node', 'tls.ca', coded('UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify the first certificate')],
    ['Node', 'tls.ca', coded('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain')],
    ['Node', 'tls.ca', coded('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate')],
    ['Node', 'tls.ca', coded('UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unable to get local issuer certificate')],
    ['Deno', 'tls.ca', new Error('invalid peer certificate: UnknownIssuer')],
    [
      'Node',
      'tls.serverName',
      coded('ERR_TLS_CERT_ALTNAME_INVALID', "Hostname/IP does not match certificate's altnames"),
    ],
    ['Deno', 'tls.serverName', new Error('invalid peer certificate: NotValidForName')],
    ['Node', 'expired', coded('CERT_HAS_EXPIRED', 'certificate has expired')],
    ['Deno', 'expired', new Error('invalid peer certificate: Expired')],
    [
      'Node',
      'tls.cert',
      coded('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tlsv13 alert certificate required'),
    ],
    ['Node', 'tls.cert', coded('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'tlsv1 alert unknown ca')],
    ['Node', 'tls.cert', coded('ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'ssl/tls alert bad certificate')],
    ['Deno', 'tls.cert', new Error('received fatal alert: CertificateRequired')],
    ['Node', 'port', coded('ERR_SSL_WRONG_VERSION_NUMBER', 'wrong version number')],
    [
      'Bun',
      'handshake',
      coded('EPROTO', 'The TLS handshake failed. Does the server speak TLS on this port?'),
    ],
  ])('of %s: advises about %s', async (_, advice, error) => {
    for (const shape of [error, new TypeError('fetch failed', { cause: error })]) {
      const failure = (await transportFailure(shape, request)) as Error;
      expect(isStatusReporterError(failure, 'tls')).toBe(true);
      expect(failure.message).toContain(advice);
      expect(failure.message).toContain('https://api.example:6443');
    }
  });

  it.each([
    coded('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:6443'),
    coded('ECONNRESET', 'Client network socket disconnected before secure TLS connection was established'),
    coded('UND_ERR_SOCKET', 'other side closed'),
    new AggregateError([coded('ETIMEDOUT', 'connect ETIMEDOUT 10.0.0.1:443')]),
    new TypeError('internal error; reference = abc'),
    'no error at all',
  ])('is unavailable for %s', async error => {
    const failure = (await transportFailure(error, request)) as Error;
    expect(isStatusReporterError(failure, 'unavailable')).toBe(true);
    expect(failure.message).toContain('https://api.example:6443');
    expect(failure.message).not.toContain('secret-path');
  });

  it('looks into every address that was tried', async () => {
    const failure = await transportFailure(
      new AggregateError([coded('ECONNREFUSED', 'connect ECONNREFUSED ::1:1')]),
      request,
    );
    expect((failure as Error).message).toContain('ECONNREFUSED ::1:1');
  });

  it('leaves our own errors as they are', async () => {
    const own = new ConfigurationError('no');
    expect(await transportFailure(own, request)).toBe(own);
  });

  it('is the reason of a signal that has fired', async () => {
    const reason = new Error('enough');
    expect(
      await transportFailure(new Error('aborted'), { ...request, signal: AbortSignal.abort(reason) }),
    ).toBe(reason);
  });
});
