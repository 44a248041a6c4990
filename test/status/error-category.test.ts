import { describe, expect, it } from 'vitest';
import { categorise } from '../../src/status/error-category.ts';

const withFacts = (facts: object) => Object.assign(new Error('something'), facts);

describe('categorise', () => {
  it.each([
    ['authentication failed', 'authentication failed'],
    ['HTTP 401', 'authentication failed'],
    ['got status code 403', 'authentication failed'],
    ['unauthorized (401)', 'authentication failed'],
    ['no valid token available, authorization required', 'authentication failed'],
    ['operation timed out', 'timed out'],
    ['Get "https://x": context deadline exceeded', 'timed out'],
    ['i/o timeout', 'timed out'],
    ['operation cancelled', 'cancelled'],
    ['context canceled', 'cancelled'],
    ['backend unavailable: x', 'unavailable'],
    ['dial tcp 10.0.0.1:80: connect: connection refused', 'connection failed'],
    ['read: connection reset by peer', 'connection failed'],
    ['unexpected EOF', 'connection failed'],
    ['503 Service Unavailable', 'connection failed'],
    ['status code 502', 'connection failed'],
    ['port 4010 said no', 'check failed'],
    ['', 'check failed'],
  ])('reads "%s" as %s', (text, category) => {
    expect(categorise(text)).toBe(category);
    expect(categorise(new Error(text))).toBe(category);
    expect(categorise(new TypeError('wrapped', { cause: new Error(text) }))).toBe(category);
  });

  it.each([
    [{ name: 'TimeoutError' }, 'timed out'],
    [{ name: 'AbortError' }, 'cancelled'],
    [{ code: 'UND_ERR_HEADERS_TIMEOUT' }, 'timed out'],
    [{ code: 'ETIMEDOUT' }, 'timed out'],
    [{ code: 'ECONNREFUSED' }, 'connection failed'],
    [{ code: 'ENOTFOUND' }, 'connection failed'],
    [{ code: 'UND_ERR_SOCKET' }, 'connection failed'],
    [{ code: 'ENOENT' }, 'check failed'],
    [{ status: 401 }, 'authentication failed'],
    [{ statusCode: 503 }, 'connection failed'],
    [{ status: 418 }, 'check failed'],
    [{ name: 401, code: Symbol('x'), message: {} }, 'check failed'],
  ])('reads an Error with %j as %s', (facts, category) => {
    expect(categorise(withFacts(facts))).toBe(category);
  });

  it('puts a cause that says more before an error that says less', () => {
    expect(
      categorise(new TypeError('fetch failed', { cause: withFacts({ code: 'UND_ERR_CONNECT_TIMEOUT' }) })),
    ).toBe('timed out');
    expect(categorise(new AggregateError([withFacts({ code: 'ECONNREFUSED' })], ''))).toBe(
      'connection failed',
    );
  });

  it('ends on causes that run in a circle', () => {
    const error = new Error('a');
    error.cause = new AggregateError([error, error], 'b', { cause: error });
    expect(categorise(error)).toBe('check failed');
  });
});
