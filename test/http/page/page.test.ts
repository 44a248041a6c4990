import { describe, expect, it } from 'vitest';
import type { ResourceRecord } from '../../../src/http/app.ts';
import { ProblemError } from '../../../src/http/problem.ts';
import { samples } from '../../page/samples.ts';
import { serviceOf } from '../stub.ts';

const now = Date.parse('2026-11-22T12:00:00Z');

function pageOf(records: readonly ResourceRecord[] = samples(now), app: object = {}) {
  const service = serviceOf({ app: { now: () => now, ...app } });
  for (const record of records) service.store.put(record);
  return service;
}

async function text(records?: readonly ResourceRecord[]): Promise<string> {
  return (await pageOf(records).app.request('/')).text();
}

const sample = samples(now)[1]!;

describe('GET /', () => {
  it('is HTML that nobody keeps, under a policy that allows its own style and script alone', async () => {
    const response = await pageOf().app.request('/');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/html; charset=utf-8$/i);
    expect(response.headers.get('cache-control')).toContain('no-store');
    const policy = response.headers.get('content-security-policy') ?? '';
    const [, nonce] = /script-src 'nonce-([^']+)'/.exec(policy)!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    const html = await response.text();
    const marked = [...html.matchAll(/<(?:script|style)\b[^>]*>/g)].map(match => match[0]);
    expect(marked).toEqual([`<style nonce="${nonce}">`, `<script nonce="${nonce}">`]);
    expect(html).not.toMatch(/\sstyle=|\son[a-z]+=/);
  });

  it('has another nonce every time', async () => {
    const { app } = pageOf();
    const policies = await Promise.all([app.request('/'), app.request('/')]);
    const [first, second] = policies.map(({ headers }) => headers.get('content-security-policy'));
    expect(first).not.toBe(second);
  });

  it('needs nothing from anywhere else', async () => {
    const html = await text();
    const links = [...html.matchAll(/\b(?:src|href)="([^"]*)"/g)].map(match => match[1]!);
    expect(links.filter(link => !/^(#|data:image\/svg|\.\/|v1\/|metrics|docs)/.test(link))).toEqual([]);
  });

  it('says how to begin where nothing was reported', async () => {
    const html = await text([]);
    expect(html).toContain('Nothing has been reported yet');
    expect(html).toContain('PUT /v1/namespaces/NAMESPACE/virtualmcpservers/NAME/status');
  });

  it('says what became of the last delivery', async () => {
    const delivery = { id: '1', acceptedAt: sample.observedAt, attempts: 0 };
    const failed = {
      ...delivery,
      state: 'failed',
      attempts: 3,
      duration: 61_000,
      error: { code: 'unavailable', detail: 'The API server cannot be reached, or cannot answer now.' },
    } as const;
    await expect(text([{ ...sample, delivery: { ...delivery, state: 'pending' } }])).resolves.toContain(
      'on its way',
    );
    const html = await text([{ ...sample, delivery: failed }]);
    expect(html).toContain('failed after 3 attempts and 1 min');
    expect(html).toContain('The API server cannot be reached, or cannot answer now. (unavailable)');
    expect(html).toContain('The server needs attention');
  });

  it('says who has fallen silent, however well it was', async () => {
    const acceptedAt = new Date(now - 12 * 60_000).toISOString();
    const html = await text([{ ...sample, delivery: { ...sample.delivery, acceptedAt } }]);
    expect(html).toMatch(/No report for <time [^>]+>12 min<\/time>\./);
    expect(html).toContain('The server needs attention');
  });

  it('shows those in trouble first, and not more backends than anybody reads', async () => {
    const discoveredBackends = [
      ...Array.from({ length: 150 }, (_, index) => ({ name: `well-${index}`, status: 'ready' })),
      { name: 'broken', status: 'unavailable' },
      { name: 'odd', status: 'constructor' },
    ];
    const html = await text([{ ...sample, status: { phase: 'Degraded', discoveredBackends } }]);
    const names = [...html.matchAll(/<th scope="row">([^<]+)</g)].map(match => match[1]);
    expect(names.slice(0, 3)).toEqual(['broken', 'odd', 'well-0']);
    expect(names).toHaveLength(100);
    expect(html).toContain('52 more in the same or better health are not shown.');
  });

  it('opens what is in trouble where there is too much to open everything', async () => {
    const many = Array.from({ length: 8 }, (_, index) => ({ ...sample, name: `s${index}` }));
    const html = await text([...many, samples(now)[0]!]);
    const opened = [...html.matchAll(/<details id="server-([^"]+)-details"( open)?/g)].filter(
      match => match[2],
    );
    expect(opened.map(match => match[1])).toEqual(['payments.checkout-tools']);
  });

  it('is for those who may see it', async () => {
    const refuse = () => {
      throw new ProblemError('unauthenticated', 'Who are you?');
    };
    const { app } = pageOf(samples(now), { authenticate: refuse });
    for (const path of ['/', '/page/events']) expect((await app.request(path)).status, path).toBe(401);
  });

  it('can be switched off', async () => {
    const { app } = pageOf([], { page: false });
    for (const path of ['/', '/page/events']) expect((await app.request(path)).status, path).toBe(404);
  });
});
