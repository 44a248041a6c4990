// What the Worker serves and does not compute: static assets, a file for each text of `src/http/texts.ts`.
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import type * as texts from '../../src/http/texts.ts';
import { root } from '../entries.ts';
import { servedText } from './served-text.ts';

/** Where they are built, below `dist`; not beside the Worker, where wrangler would take them for modules of it. */
export const assetsPath = 'assets';

/** The texts by the names of their files, as the built library serves them. */
export async function workerAssets(): Promise<ReadonlyMap<string, string>> {
  const build = await rolldown({
    input: join(root, 'src/http/texts.ts'),
    cwd: root,
    platform: 'neutral',
    plugins: [servedText],
  });
  const { output } = await build.generate({ format: 'esm', codeSplitting: false });
  await build.close();
  const { textNames, textOf }: typeof texts = await import(
    `data:text/javascript,${encodeURIComponent(output[0].code)}`
  );
  return new Map(await Promise.all(textNames.map(async name => [name, await textOf(name)] as const)));
}
