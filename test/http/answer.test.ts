import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { json, path, serviceOf } from './stub.ts';

/** What hono's middleware sets where nothing is said. */
async function usual(): Promise<[string, string][]> {
  const app = new Hono().use(secureHeaders()).get('/', c => c.body(null));
  return [...(await app.request('/')).headers];
}

describe('every answer', () => {
  const service = serviceOf();
  const report = { method: 'PUT', headers: json, body: '{"phase":"Ready"}' };
  const requests: [string, string, RequestInit?][] = [
    ['a report', path, report],
    ['a report that nobody waits for', path, { ...report, headers: { ...json, prefer: 'respond-async' } }],
    ['a problem', path, { ...report, body: '{' }],
    ['a path that is not there', '/none'],
    ['a method that is not there', path, { method: 'DELETE' }],
    ['a list', '/v1/virtualmcpservers'],
    ['a stream', '/v1/events', { method: 'HEAD' }],
    ['a probe', '/healthz'],
    ['the document of the API', '/openapi.json'],
    ['the documentation', '/docs'],
    ['the page', '/'],
  ];

  it.each(requests)('says what protects a browser, and its name: %s', async (_, url, init) => {
    const { headers } = await service.app.request(url, init);
    expect([...headers]).toEqual(expect.arrayContaining(await usual()));
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('has its own headers where Node’s server replaces the global Response, and is told nothing of the request', async () => {
    const { Request, Response } = globalThis;
    onTestFinished(() => void Object.assign(globalThis, { Request, Response }));
    createAdaptorServer({ fetch: service.app.fetch });
    expect(globalThis.Response).not.toBe(Response);
    const rich = await service.app.request(path, {
      ...report,
      headers: { ...json, prefer: 'respond-async' },
    });
    expect(rich.headers.get('location')).toContain('/deliveries/');
    const plain = await service.app.request(path, report);
    expect(plain.status).toBe(200);
    expect(plain.headers.has('location')).toBe(false);
    expect(plain.headers.get('x-request-id')).not.toBe(rich.headers.get('x-request-id'));
  });
});
