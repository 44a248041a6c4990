import type { TypedResponse } from 'hono';
import { Hono } from 'hono/tiny';
import type { ServiceEnv } from '../env.ts';
import { contentPolicy, createNonce } from '../policy.ts';
import { fill } from '../template.ts';
import { textOf } from '../texts.ts';

/** The API in the words of OpenAPI, for programs and for people. */
export function docsRoutes() {
  return new Hono<ServiceEnv>()
    .get('/openapi.json', async c => {
      const answer: Response = c.body(await textOf('openapi.json'), 200, {
        'content-type': 'application/json',
      });
      return answer as Response & TypedResponse<object, 200, 'json'>;
    })
    .get('/docs', async c => {
      const nonce = createNonce();
      const policy = contentPolicy({ 'style-src': `'nonce-${nonce}'`, 'img-src': 'data:' });
      return c.html(fill(await textOf('docs.html'), { nonce }), 200, { 'content-security-policy': policy });
    });
}
