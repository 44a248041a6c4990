// The package as a user gets it: built, packed by npm, unpacked into the node_modules of a folder of its own, without a
// registry. Only there do the conditions of package.json, and what npm leaves out, really count.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import manifest from '../../package.json' with { type: 'json' };
import { projectRoot } from './sources.ts';

const run = promisify(execFile);

export interface InstalledPackage {
  /** The user's project: holds `package.json` and `node_modules`. */
  folder: string;
  /** The installed package in it. */
  path: string;
  remove(): Promise<void>;
}

/**
 * Builds the package where it is out of date, and installs it.
 *
 * @param link further packages of this project to install beside it: optional peers, types
 */
export async function installPackage(link: readonly string[] = []): Promise<InstalledPackage> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'installed-')));
  const modules = join(folder, 'node_modules');
  const path = join(modules, manifest.name);
  await run(process.execPath, [join(projectRoot, 'scripts', 'build.ts')]);
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: projectRoot });
  const tarball = (await readdir(folder)).find(name => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(`npm pack left no tarball in ${folder}`);
  await mkdir(path, { recursive: true });
  await run('tar', ['-xzf', join(folder, tarball), '-C', path, '--strip-components=1']);
  for (const name of [...Object.keys(manifest.dependencies), ...link]) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(projectRoot, 'node_modules', name), join(modules, name), 'dir');
  }
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, type: 'module' }),
  );
  return { folder, path, remove: () => rm(folder, { recursive: true, force: true }) };
}
