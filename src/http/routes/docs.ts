import type { TypedResponse } from 'hono';
import { NONCE, secureHeaders } from 'hono/secure-headers';
import { Hono } from 'hono/tiny';
import type { ServiceEnv } from '../env.ts';
import { fill } from '../template.ts';
import { textOf } from '../texts.ts';

const policy = {
  defaultSrc: ["'none'"],
  styleSrc: [NONCE],
  imgSrc: ['data:'],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
};

/** The API in the words of OpenAPI, for programs and for people. */
export function docsRoutes() {
  return new Hono<ServiceEnv>()
    .get('/openapi.json', async c => {
      const answer: Response = c.body(await textOf('openapi.json'), 200, {
        'content-type': 'application/json',
      });
      return answer as Response & TypedResponse<object, 200, 'json'>;
    })
    .get('/docs', secureHeaders({ contentSecurityPolicy: policy }), async c =>
      c.html(fill(await textOf('docs.html'), { nonce: c.get('secureHeadersNonce') ?? '' })),
    );
}
