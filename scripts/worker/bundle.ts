// The service as a Worker: all of it as one file, as small as it gets. `wrangler deploy` uploads it as it is.
import { join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { alias, root } from '../entries.ts';
import { minified } from '../minified.ts';
import { servedText } from './served-text.ts';

/** Where it is built, below `dist`; alone in its folder, since wrangler takes up what lies beside it. */
export const workerPath = 'worker/workers.js';

export interface WorkerBundle {
  readonly code: string;
  readonly metafile: Metafile;
}

/** workerd never says why a connection is not trusted. */
const withoutTlsFaults: Plugin = {
  name: 'without-tls-faults',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]src[/\\]transport[/\\]tls-faults\.ts$/ }, () => ({
      contents: 'export const tlsAdvice = () => undefined;',
    }));
  },
};

export async function bundleWorker(): Promise<WorkerBundle> {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(root, 'src/entry/workers.ts')],
    absWorkingDir: root,
    outdir: 'out',
    bundle: true,
    minify: true,
    charset: 'utf8',
    format: 'esm',
    platform: 'neutral',
    target: 'es2023',
    mainFields: ['module', 'main'],
    conditions: ['vmcp-status-reporter-source', 'workerd', 'worker', 'browser', 'import'],
    external: ['cloudflare:*'],
    alias: { ...alias, 'hono/jsx/jsx-runtime': join(root, 'scripts/worker/jsx-runtime.ts') },
    legalComments: 'none',
    plugins: [servedText, withoutTlsFaults],
    write: false,
    metafile: true,
  });
  return { code: await minified(outputFiles[0]!.text), metafile };
}
