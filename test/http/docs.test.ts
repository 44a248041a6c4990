import { describe, expect, it } from 'vitest';
import document from '../../src/http/openapi.json' with { type: 'json' };
import { serviceOf } from './stub.ts';

async function docs() {
  const answer = await serviceOf().app.request('/docs');
  return { headers: answer.headers, text: await answer.text() };
}

describe('the documentation', () => {
  it('tells of every operation and every schema, and its links lead somewhere', async () => {
    const { text } = await docs();
    const ids = new Set(Array.from(text.matchAll(/ id="([^"]+)"/g), ([, id]) => id));
    const operations = Object.values(document.paths).flatMap(item =>
      Object.values(item).flatMap(operation => ('operationId' in operation ? [operation.operationId] : [])),
    );
    expect(operations.length).toBeGreaterThan(10);
    for (const id of [
      ...operations,
      ...Object.keys(document.components.schemas).map(name => `schema-${name}`),
    ])
      expect(ids).toContain(id);
    for (const [, id] of text.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(id);
  });

  it('loads nothing from anywhere and runs nothing', async () => {
    const { headers, text } = await docs();
    const [, nonce] = /<style nonce="([^"]+)">/.exec(text)!;
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; style-src 'nonce-${nonce}'; img-src data:`,
    );
    expect(text).not.toMatch(/<script|<img|<iframe| style=| on\w+=|https?:\/\/(?!\w+\.example\.com)/);
    expect(/<style nonce="([^"]+)">/.exec((await docs()).text)![1]).not.toBe(nonce);
  });

  it('has no value where a type should be', async () => {
    expect((await docs()).text).not.toMatch(/undefined|\[object|true<|false</);
  });
});
