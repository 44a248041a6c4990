// What the build does to the Worker beyond what bundlers do, and that nobody can tell.
import { join } from 'node:path';
import { build } from 'esbuild';
import { rolldown } from 'rolldown';
import { describe, expect, it } from 'vitest';
import { servedText } from '../../scripts/worker/served-text.ts';
import type * as document from '../../src/http/page/document.tsx';
import type * as live from '../../src/http/page/live.tsx';
import type * as template from '../../src/http/page/template.tsx';
import { samples } from '../page/samples.ts';
import { projectRoot } from '../support/sources.ts';

const now = Date.parse('2026-11-22T12:00:00Z');

describe('the page at the edge', () => {
  const render = async (alias: Record<string, string>) => {
    const { outputFiles } = await build({
      stdin: {
        contents: `export { fillPage } from './document.tsx';
export { createView } from './live.tsx';
export { pageTemplate } from './template.tsx';`,
        resolveDir: join(projectRoot, 'src/http/page'),
      },
      bundle: true,
      format: 'esm',
      platform: 'node',
      alias,
      write: false,
    });
    const { fillPage, createView, pageTemplate }: typeof document & typeof live & typeof template =
      await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]!.text)}`);
    const all = samples(now);
    const odd = all.map(record => ({
      ...record,
      name: `"<b>'&${record.name}`,
      status: { ...record.status, message: '<script>"&\'' },
    }));
    const well = all.find(({ status }) => status.phase === 'Ready')!;
    const many = Array.from({ length: 8 }, (_, index) => ({ ...well, name: `search-${index}` }));
    return [[], all, all.slice(0, 1), odd, many].map(records => ({
      page: fillPage(String(pageTemplate()), { records, now, nonce: 'n0nce' }),
      update: createView(records).all(now + 60_000),
    }));
  };

  it('is what hono/jsx makes of it, to the letter', async () => {
    const standIn = join(projectRoot, 'scripts/worker/jsx-runtime.ts');
    const [expected, found] = [await render({}), await render({ 'hono/jsx/jsx-runtime': standIn })];
    expect(expected[1]!.page).toContain('checkout-tools');
    expect(expected[4]!.page).toMatch(/<details(?![^>]* open)/);
    expect(found).toStrictEqual(expected);
  });
});

describe('what is served to browsers', () => {
  it('is small, and the same', async () => {
    const entry = join(projectRoot, 'src/http/page/script.ts');
    const load = async (plugins: (typeof servedText)[]) => {
      const bundle = await rolldown({ input: entry, plugins });
      const { output } = await bundle.generate({ format: 'esm' });
      await bundle.close();
      return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
    };
    const [plain, small] = [await load([]), await load([servedText])];
    expect(small.script.length).toBeLessThan(plain.script.length * 0.7);
    expect(() => new Function(small.script)).not.toThrow();
    const texts = (script: string) =>
      [...script.matchAll(/["']([A-Z][a-z ;]+)["']/g)].map(([, text]) => text);
    expect(texts(small.script)).toStrictEqual(texts(plain.script));
  });
});
