import { minify } from 'terser';

/** What terser, the minifier of webpack and Rollup, makes of a module that esbuild has minified: its names compress better. */
export async function minified(module: string): Promise<string> {
  const { code } = await minify(module, { module: true, ecma: 2020, compress: { passes: 3 } });
  if (code === undefined) throw new Error('terser gave no code');
  return code;
}
