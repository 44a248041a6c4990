import { describe, expect, it } from 'vitest';
import { fill, slot } from '../../src/http/template.ts';
import { serviceOf } from './stub.ts';

describe('a template', () => {
  it('takes values as they are into every slot of their names', () => {
    const template = `<p title="${slot('nonce')}">${slot('text')}</p>${slot('nonce')}`;
    expect(fill(template, { nonce: 'n0', text: '$& <b>$1</b>' })).toBe('<p title="n0">$& <b>$1</b></p>n0');
  });

  it('looks for no slots in values', () => {
    expect(fill(`${slot('text')} ${slot('nonce')}`, { text: slot('nonce'), nonce: 'n0' })).toBe(
      '{{nonce}} n0',
    );
  });

  it('leaves alone what is no slot of its own', () => {
    expect(fill('{{a}} {b} {{ nonce }} {{}}', { nonce: 'n0' })).toBe('{{a}} {b} {{ nonce }} {{}}');
  });
});

describe('the page', () => {
  it('tells no report its nonce', async () => {
    const { app } = serviceOf();
    await app.request('/v1/namespaces/default/virtualmcpservers/demo/status', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ phase: 'Ready', message: 'what {{nonce}} is' }),
    });
    const text = await (await app.request('/')).text();
    expect(text).toContain('what {{nonce}} is');
    expect(text).not.toMatch(/\{\{(?!nonce\}\} is)/);
  });
});
