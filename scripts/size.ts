// What a program pays for the library: the root export, one transport and everything `createReporter` needs, as one file,
// minified and gzipped, for each runtime; and the whole service as a Worker. Fails where one exceeds its limit or where code
// for Workers needs a `node:` module.
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { alias, root, sourceOf } from './entries.ts';
import { minified } from './minified.ts';
import { bundleWorker } from './worker/bundle.ts';

const limit = 16_000;
const workerLimit = 60_000;
const own = 'vmcp-status-reporter-source';
/** Conditions as each runtime, or its bundler, sets them; what it brings or installs is not part of the bundle. */
const runtimes = {
  workerd: { conditions: ['workerd', 'worker', 'browser'], external: ['cloudflare:*'] },
  node: { conditions: ['node'], external: ['node:*', 'undici', 'yaml'] },
  bun: { conditions: ['bun', 'node'], external: ['node:*', 'bun', 'yaml'] },
  deno: { conditions: ['deno', 'node'], external: ['node:*', 'undici', 'yaml'] },
  default: { conditions: ['browser'], external: [] },
};
const workersEntries = ['index.js', 'http/app.js', 'entry/workers.js'];

interface Settings {
  conditions: string[];
  external: string[];
}

interface Bundle {
  /** Gzipped bytes of what loads at once, as one file. */
  core: number;
  /** Gzipped bytes of what only a dynamic `import()` loads, by module: what each adds to the core. */
  lazy: (readonly [name: string, bytes: number])[];
  /** Minified bytes by source file, largest first. */
  parts: [name: string, bytes: number][];
  /** External modules that any chunk imports. */
  imports: string[];
}

/** Leaves to later what is imported later. */
const leaveDynamicImports: Plugin = {
  name: 'leave-dynamic-imports',
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : undefined,
    );
  },
};

const problems: string[] = [];
const rows: { name: string; result: Bundle }[] = [];
for (const [name, settings] of Object.entries(runtimes)) {
  const result = await bundle('index.js', settings);
  rows.push({ name, result });
  if (result.core > limit)
    problems.push(`${name}: the core is ${kilo(result.core)} kB, more than ${kilo(limit)} kB`);
}
for (const entry of workersEntries) {
  const { metafile } = await compile(
    entry,
    { ...runtimes.workerd, external: ['cloudflare:*', 'node:*'] },
    { splitting: true },
  );
  const forbidden = importsOf(metafile).filter(path => path.startsWith('node:'));
  if (forbidden.length > 0) problems.push(`${entry} for Workers imports ${forbidden.join(', ')}`);
}

// What is uploaded: one file, with all that loads on demand.
const worker = await bundleWorker();
const workerSize = gzipped(worker.code);
if (workerSize > workerLimit)
  problems.push(`the Worker is ${kilo(workerSize)} kB, more than ${kilo(workerLimit)} kB`);

print();
if (problems.length > 0) {
  for (const problem of problems) console.error(`\nTOO LARGE OR NOT PORTABLE: ${problem}`);
  process.exitCode = 1;
}

async function bundle(entry: string, settings: Settings): Promise<Bundle> {
  const core = await compile(entry, settings, { plugins: [leaveDynamicImports] });
  const all = await compile(entry, settings, { splitting: true });
  const atOnce = loadedAtOnce(all.metafile);
  const lazy = all.modules.filter(({ path }) => !atOnce.has(path));
  return {
    core: await sizeOf(core.modules[0]!),
    lazy: await Promise.all(
      lazy.map(async module => [module.path.replace(/^out\//, ''), await sizeOf(module)] as const),
    ),
    parts: contributions(inputsOf(core.metafile)),
    imports: importsOf(all.metafile),
  };
}

function importsOf({ outputs }: Metafile): string[] {
  const external = Object.values(outputs).flatMap(({ imports }) => imports.filter(each => each.external));
  return [...new Set(external.map(({ path }) => path))];
}

interface Module {
  readonly path: string;
  readonly text: string;
}

async function compile(
  entry: string,
  { conditions, external }: Settings,
  options: BuildOptions,
): Promise<{ metafile: Metafile; modules: readonly Module[] }> {
  const source = sourceOf(entry);
  if (source === undefined) throw new Error(`src/ has no source of ${entry}`);
  const { outputFiles, metafile } = await build({
    entryPoints: [source],
    absWorkingDir: root,
    outdir: 'out',
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2023',
    conditions: [own, ...conditions, 'import'],
    external,
    alias,
    legalComments: 'none',
    ...options,
    write: false,
    metafile: true,
  });
  return {
    metafile,
    modules: outputFiles.map(({ path, text }) => ({ path: path.slice(root.length + 1), text })),
  };
}

async function sizeOf({ text }: Module): Promise<number> {
  return gzipped(await minified(text));
}

function gzipped(code: string): number {
  return gzipSync(code, { level: 9 }).length;
}

function loadedAtOnce(metafile: Metafile): Set<string> {
  const loaded = new Set<string>();
  const load = (path: string): void => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const { kind, path: next, external: outside } of metafile.outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && !outside) load(next);
    }
  };
  const entry = Object.keys(metafile.outputs).find(
    path => metafile.outputs[path]?.entryPoint !== undefined && isFirst(metafile, path),
  );
  if (entry === undefined) throw new Error('esbuild names no output for the entry point');
  load(entry);
  return loaded;
}

/** Dynamic imports are entry points to esbuild as well; nothing imports the real one. */
function isFirst(metafile: Metafile, path: string): boolean {
  return !Object.values(metafile.outputs).some(output => output.imports.some(i => i.path === path));
}

function inputsOf({ outputs }: Metafile): [path: string, bytes: number][] {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).map(([path, { bytesInOutput }]): [string, number] => [path, bytesInOutput]),
  );
}

/** Bytes by file, those of a package together; largest first. */
function contributions(inputs: Iterable<readonly [path: string, bytes: number]>): [string, number][] {
  const sums = new Map<string, number>();
  for (const [input, bytes] of inputs) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? input.replace(`${root}/`, '');
    sums.set(name, (sums.get(name) ?? 0) + bytes);
  }
  return [...sums].sort((a, b) => b[1] - a[1]);
}

function print(): void {
  console.log(`Library core, minified and gzipped (limit ${kilo(limit)} kB)\n`);
  for (const { name, result } of rows) {
    const lazy = result.lazy
      .map(([chunk, bytes]) => `${chunk.replace(/-[A-Z0-9]{8}\.js$/, '')} ${kilo(bytes)}`)
      .join(', ');
    const imports = result.imports.join(', ');
    console.log(
      `  ${name.padEnd(8)} ${kilo(result.core).padStart(6)} kB${lazy && `   on demand: ${lazy}`}${imports && `   imports: ${imports}`}`,
    );
  }
  console.log(`\nThe service as a Worker (limit ${kilo(workerLimit)} kB): ${kilo(workerSize)} kB\n`);
  console.log('Its largest parts, neither minified nor gzipped\n');
  for (const [part, bytes] of contributions(worker.modules).slice(0, 15))
    console.log(`  ${kilo(bytes).padStart(6)} kB  ${part}`);
  console.log('\nLargest parts for workerd, minified, not gzipped\n');
  for (const [part, bytes] of rows[0]?.result.parts.slice(0, 15) ?? [])
    console.log(`  ${kilo(bytes).padStart(6)} kB  ${part}`);
}

function kilo(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}
