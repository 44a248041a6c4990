// In the place of `src/http/texts.ts` in the Worker, of whose script the texts would be a seventh: they are static assets,
// which `assets.ts` builds and the binding `ASSETS` reads (https://developers.cloudflare.com/workers/static-assets/binding/).
import { env } from 'cloudflare:workers';
import { ConfigurationError } from '../../src/errors.ts';
import type { TextName } from '../../src/http/texts.ts';

/** What was read in this isolate: texts, since no request may wait for what another one does. */
const texts = new Map<TextName, string>();

/** @throws ConfigurationError where the assets are not bound, or are not those of this build */
export async function textOf(name: TextName): Promise<string> {
  let text = texts.get(name);
  if (text !== undefined) return text;
  // The host says nothing to the binding, but a URL needs one.
  const answer = await env.ASSETS?.fetch(`https://assets/${name}`);
  if (!answer?.ok) {
    const found = answer ? `an answer of ${answer.status}` : 'no such binding';
    throw new ConfigurationError(
      `Expected ${name} at the binding ASSETS, found ${found}. Bind it as wrangler.toml of this package does.`,
    );
  }
  text = await answer.text();
  texts.set(name, text);
  return text;
}
