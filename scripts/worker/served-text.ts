// What browsers get is small, and what we read is not: a plugin that minifies the styles and the script of the pages.
import { build, type Loader, transform } from 'esbuild';
import type { Plugin } from 'rolldown';

/** Modules whose exports are texts that are served, and what the texts are, by the name of the export. */
const served = /[/\\]src[/\\]http[/\\](page[/\\](style|script)|docs[/\\]style)\.ts$/;
const languages: Readonly<Record<string, Loader>> = { style: 'css', script: 'js' };

export const servedText: Plugin = {
  name: 'served-text',
  load: {
    filter: { id: served },
    handler: async path => ({ code: await servedModule(path), moduleType: 'js' }),
  },
};

async function servedModule(path: string): Promise<string> {
  const values = Object.entries(await evaluate(path)).map(async ([name, value]) => {
    const loader = languages[name];
    const text = loader ? await minified(String(value), loader) : value;
    return `export const ${name} = ${JSON.stringify(text)};\n`;
  });
  return (await Promise.all(values)).join('');
}

/** What a module exports; in its own right, since its functions are to be found in its texts as they stand in `src`. */
async function evaluate(path: string): Promise<Record<string, unknown>> {
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2023',
    write: false,
  });
  return import(`data:text/javascript,${encodeURIComponent(outputFiles[0]!.text)}`);
}

async function minified(text: string, loader: Loader): Promise<string> {
  const { code } = await transform(text, { loader, minify: true });
  return code.trim();
}
