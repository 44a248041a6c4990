/**
 * The texts that are the same for everybody, whichever report came last. Here they are part of the code. The Worker that this
 * package builds leaves them out of its script: there `scripts/worker/texts.ts` takes the place of this module, and reads
 * them where the platform keeps static files.
 */

import type { Document } from './docs/document.ts';
import { docsTemplate } from './docs/page.ts';
import document from './openapi.json' with { type: 'json' };
import { pageTemplate } from './page/template.tsx';

const makers = {
  /** The OpenAPI document. */
  'openapi.json': () => JSON.stringify(document),
  /** Its page, with a slot for the nonce. */
  'docs.html': () => docsTemplate(document as unknown as Document),
  /** The page of all resources, with slots for the nonce and whatever changes. */
  'page.html': () => pageTemplate(),
};

export type TextName = keyof typeof makers;

export const textNames = Object.keys(makers) as TextName[];

const texts = new Map<TextName, string>();

/** One of the texts; made once. */
export async function textOf(name: TextName): Promise<string> {
  const text = texts.get(name) ?? String(await makers[name]());
  texts.set(name, text);
  return text;
}
