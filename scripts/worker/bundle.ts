// The service as a Worker: all of its code as one file, as small as it gets. `wrangler deploy` uploads it as it is.
import { join } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { alias, root } from '../entries.ts';
import { minified } from '../minified.ts';

/** Where it is built, below `dist`; alone in its folder, since wrangler takes up what lies beside it. */
export const workerPath = 'worker/workers.js';

export interface WorkerBundle {
  readonly code: string;
  /** What each module takes of it, by its path: bytes before they are minified. */
  readonly modules: ReadonlyMap<string, number>;
}

/** What takes the place of modules, by their paths. */
const standIns = new Map(
  [
    ['src/http/texts.ts', `export * from ${JSON.stringify(join(import.meta.dirname, 'texts.ts'))};`],
    // workerd is not Node's server, and few reports come to one of its processes.
    ['src/http/incoming.ts', 'export const incomingOf = () => undefined;'],
    ['src/http/known-paths.ts', 'export const remembering = router => router;'],
    // workerd never says why a connection is not trusted.
    ['src/transport/tls-faults.ts', 'export const tlsAdvice = () => undefined;'],
    // The service at the edge applies; nothing there sets another strategy.
    ['src/reporter/kubernetes/other-strategies.ts', 'export const otherRequest = undefined;'],
  ].map(([path = '', code = '']) => [join(root, path), code]),
);

const withStandIns: Plugin = {
  name: 'stand-ins',
  load(path) {
    const code = standIns.get(path);
    return code === undefined ? null : { code, moduleType: 'js' };
  },
  buildEnd() {
    const known = new Set(this.getModuleIds());
    const gone = [...standIns.keys()].filter(path => !known.has(path));
    if (gone.length > 0)
      throw new Error(`The Worker does not import ${gone.join(', ')}: nothing to stand in for`);
  },
};

/** In one file there is nothing to load later: modules that load later would only be wrapped in functions. */
const loadedAtOnce: Plugin = {
  name: 'loaded-at-once',
  transform: {
    filter: { code: "import('." },
    handler(code) {
      const paths: string[] = [];
      const rest = code.replaceAll(/(?<!typeof )\bimport\(('\.[^']+')\)/g, (_, path) => {
        paths.push(path);
        return `Promise.resolve(later${paths.length})`;
      });
      return [...paths.map((path, index) => `import * as later${index + 1} from ${path};`), rest].join('\n');
    },
  },
};

export async function bundleWorker(): Promise<WorkerBundle> {
  const build = await rolldown({
    input: join(root, 'src/entry/workers.ts'),
    cwd: root,
    external: /^cloudflare:/,
    platform: 'neutral',
    resolve: {
      alias: { ...alias, 'hono/jsx/jsx-runtime': join(root, 'scripts/worker/jsx-runtime.ts') },
      mainFields: ['module', 'main'],
      conditionNames: ['vmcp-status-reporter-source', 'workerd', 'worker', 'browser', 'import'],
    },
    transform: { target: 'es2023' },
    plugins: [withStandIns, loadedAtOnce],
  });
  const { output } = await build.generate({
    format: 'esm',
    codeSplitting: false,
    minify: true,
    comments: false,
  });
  await build.close();
  const [{ code, modules }] = output;
  return {
    code: await minified(code),
    modules: new Map(Object.entries(modules).map(([path, { renderedLength }]) => [path, renderedLength])),
  };
}
