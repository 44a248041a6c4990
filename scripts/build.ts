// Builds dist/ from src/: ECMAScript modules with shared chunks (Rolldown) and declarations (tsc), and the service as a
// Worker in one file, with the static assets that it serves. `--force` builds even where dist/ is up to date.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { chunkGroups } from './chunks.ts';
import { finishDeclarations } from './declarations.ts';
import { alias, builtEntries, isExternal, root, sourceOf } from './entries.ts';
import { thirdPartyLicenses } from './licenses.ts';
import { assetsPath, workerAssets } from './worker/assets.ts';
import { bundleWorker, workerPath } from './worker/bundle.ts';
import { servedText } from './worker/served-text.ts';

const run = promisify(execFile);
const dist = join(root, 'dist');
const stamp = 'THIRD-PARTY.md';
const inputs = [
  'src',
  'scripts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

if (process.argv.includes('--force') || (await newest(inputs)) >= (await builtAt())) await buildAll();

async function buildAll(): Promise<void> {
  const started = new Date();
  // Built aside and swapped in, so that whoever reads dist/ meanwhile never finds half of it.
  const aside = `${dist}.${process.pid}`;
  const entries = builtEntries();
  try {
    await mkdir(aside);
    // Both to their end: what still writes would be in the way of the removal, whose error hid why a build failed.
    const parts = await Promise.allSettled([bundle(aside, entries), declare(aside)]);
    for (const part of parts) if (part.status === 'rejected') throw part.reason;
    await finishDeclarations(aside, entries);
    // A source that changes while this runs is newer than the build.
    await utimes(join(aside, stamp), started, started);
    await swap(aside);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  console.log(`built dist/ in ${((Date.now() - started.getTime()) / 1000).toFixed(1)} s`);
}

async function bundle(outdir: string, entries: readonly string[]): Promise<void> {
  const modules = await bundleLibrary(outdir, entries);
  const worker = await bundleWorker();
  const assets = [...(await workerAssets())].map(([name, text]) => [join(assetsPath, name), text] as const);
  for (const [path, text] of [[workerPath, worker.code] as const, ...assets]) {
    await mkdir(join(outdir, dirname(path)), { recursive: true });
    await writeFile(join(outdir, path), text);
  }
  const inWorker = [...worker.modules].flatMap(([path, bytes]) => (bytes > 0 ? [path] : []));
  await writeFile(join(outdir, stamp), await thirdPartyLicenses([...modules, ...inWorker]));
}

/** @returns the paths of the modules in it */
async function bundleLibrary(outdir: string, entries: readonly string[]): Promise<string[]> {
  const sources = entries.map(entry => {
    const source = sourceOf(entry);
    if (source === undefined)
      throw new Error(`package.json or scripts/entries.ts names dist/${entry}, but src/ has no source of it`);
    return [entry.replace(/\.js$/, ''), source];
  });
  const { plugin, groups } = chunkGroups();
  const library = await rolldown({
    input: Object.fromEntries(sources),
    cwd: root,
    external: isExternal,
    platform: 'neutral',
    preserveEntrySignatures: 'strict',
    resolve: { alias, mainFields: ['module', 'main'] },
    transform: { target: 'es2023' },
    plugins: [plugin, servedText],
  });
  const { output } = await library.write({
    dir: outdir,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    codeSplitting: { groups },
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: false } },
    comments: { legal: true, annotation: true, jsdoc: false },
    // src/ is part of the package, so that maps need no copy of it.
    sourcemap: true,
    sourcemapExcludeSources: true,
  });
  await library.close();
  const modules = output.flatMap(part => (part.type === 'chunk' ? Object.entries(part.modules) : []));
  return modules.flatMap(([path, { renderedLength }]) => (renderedLength > 0 ? [path] : []));
}

async function declare(outDir: string): Promise<void> {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  await run(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', outDir], { cwd: root }).catch(
    error => {
      throw new Error(`tsc found errors:\n${error.stdout}${error.stderr}`);
    },
  );
}

async function swap(fresh: string): Promise<void> {
  const old = `${fresh}.old`;
  if (existsSync(dist)) await rename(dist, old);
  try {
    await rename(fresh, dist);
  } catch (error) {
    // Another build of the same sources was faster.
    if (!existsSync(join(dist, stamp))) throw error;
  }
  await rm(old, { recursive: true, force: true });
}

/** When anything below `paths` last changed; folders count, so that a removed file does too. */
async function newest(paths: readonly string[]): Promise<number> {
  let latest = 0;
  for (const path of paths) {
    const info = await stat(join(root, path));
    latest = Math.max(latest, info.mtimeMs);
    if (info.isDirectory()) {
      const names = await readdir(join(root, path));
      latest = Math.max(latest, await newest(names.map(name => join(path, name))));
    }
  }
  return latest;
}

async function builtAt(): Promise<number> {
  return existsSync(join(dist, stamp)) ? (await stat(join(dist, stamp))).mtimeMs : 0;
}
