import { NONCE, secureHeaders } from 'hono/secure-headers';
import { Hono } from 'hono/tiny';
import type { Document } from '../docs/document.ts';
import { docsPage } from '../docs/page.ts';
import type { ServiceEnv } from '../env.ts';
import document from '../openapi.json' with { type: 'json' };

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
    .get('/openapi.json', c => c.json(document as object))
    .get('/docs', secureHeaders({ contentSecurityPolicy: policy }), c =>
      c.html(docsPage(document as unknown as Document, c.get('secureHeadersNonce') ?? '')),
    );
}
