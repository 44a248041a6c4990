// Where kube-apiserver, etcd and kubectl come from: KUBEBUILDER_ASSETS as for envtest, else an earlier build, else a build from
// the Go modules pinned in go/go.mod. Without a server there is no end-to-end suite, so every dead end is an error.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, constants, mkdir, readFile, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

export interface Binaries {
  kubeApiserver: string;
  etcd: string;
  /** Where they were found, for the log. */
  origin: string;
}

const moduleDir = join(import.meta.dirname, 'go');

const howToGetThem = [
  'The end-to-end suite needs the programs kube-apiserver, etcd and kubectl. Either',
  '  - set KUBEBUILDER_ASSETS to a directory that holds them (for example "setup-envtest use -p path 1.36"), or',
  '  - install Go (the version that test/e2e/go/go.mod names, or newer): they are then built once, which takes about',
  '    ten minutes on two cores, and kept in the cache directory for the next run.',
].join('\n');

/** Finds both programs, building them when nothing else is there. Never answers without them. */
export async function findBinaries(env: NodeJS.ProcessEnv = process.env): Promise<Binaries> {
  const assets = env.KUBEBUILDER_ASSETS;
  if (assets) return fromAssets(assets);

  const build = await plannedBuild(env);
  const cached = { ...paths(build.dir), origin: `built earlier, kept in ${build.dir}` };
  if (await bothExecutable(cached)) return cached;

  await mkdir(build.dir, { recursive: true });
  const built = paths(build.dir);
  await goBuild(env, {
    name: 'etcd',
    source: 'go.etcd.io/etcd/server/v3',
    output: built.etcd,
    ldflags: '-s -w',
  });
  await goBuild(env, {
    name: `kube-apiserver ${build.version}`,
    source: 'k8s.io/kubernetes/cmd/kube-apiserver',
    output: built.kubeApiserver,
    ldflags: `-s -w ${versionFlags(build.version)}`,
  });
  return { ...built, origin: `built now, kept in ${build.dir}` };
}

/** Finds kubectl in the same places. */
export async function findKubectl(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const assets = env.KUBEBUILDER_ASSETS;
  const build = assets ? undefined : await plannedBuild(env);
  const kubectl = join(assets || build!.dir, 'kubectl');
  if (await executable(kubectl)) return kubectl;
  if (build === undefined) {
    throw new Error(
      `KUBEBUILDER_ASSETS is "${assets}", but there is no executable kubectl in it.\n${howToGetThem}`,
    );
  }
  await mkdir(build.dir, { recursive: true });
  await goBuild(env, {
    name: `kubectl ${build.version}`,
    source: 'k8s.io/kubernetes/cmd/kubectl',
    output: kubectl,
    ldflags: `-s -w ${versionFlags(build.version)}`,
  });
  return kubectl;
}

async function fromAssets(dir: string): Promise<Binaries> {
  const found = { ...paths(dir), origin: `KUBEBUILDER_ASSETS=${dir}` };
  if (await bothExecutable(found)) return found;
  throw new Error(
    `KUBEBUILDER_ASSETS is "${dir}", but there is no executable kube-apiserver and etcd in it.\n${howToGetThem}`,
  );
}

function paths(dir: string): { kubeApiserver: string; etcd: string } {
  return { kubeApiserver: join(dir, 'kube-apiserver'), etcd: join(dir, 'etcd') };
}

async function bothExecutable(found: { kubeApiserver: string; etcd: string }): Promise<boolean> {
  const results = await Promise.all([found.kubeApiserver, found.etcd].map(executable));
  return results.every(Boolean);
}

async function executable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The directory name depends on everything that could change the programs, so a stale one is never picked up. */
async function plannedBuild(env: NodeJS.ProcessEnv): Promise<{ dir: string; version: string }> {
  const goMod = await readFile(join(moduleDir, 'go.mod'), 'utf8');
  const goSum = await readFile(join(moduleDir, 'go.sum'), 'utf8');
  const version = /^\s*k8s\.io\/kubernetes (v\d+\.\d+\.\d+)/m.exec(goMod)?.[1];
  if (version === undefined)
    throw new Error(`expected a requirement "k8s.io/kubernetes vX.Y.Z" in ${moduleDir}/go.mod`);
  const hash = createHash('sha256')
    .update([goMod, goSum, process.platform, process.arch].join('\0'))
    .digest('hex');
  const cache = env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return { dir: join(cache, 'vmcp-status-reporter', 'e2e', `${version}-${hash.slice(0, 12)}`), version };
}

/** An API server that does not know its own version refuses its feature gates and emulation version. */
function versionFlags(version: string): string {
  const [major, minor] = version.slice(1).split('.');
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  return Object.entries(values)
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(' ');
}

interface GoBuild {
  name: string;
  source: string;
  output: string;
  ldflags: string;
}

async function goBuild(env: NodeJS.ProcessEnv, { name, source, output, ldflags }: GoBuild): Promise<void> {
  // Built beside its place and moved there at the end: an interrupted build leaves nothing that looks finished.
  const unfinished = `${output}.${process.pid}.partial`;
  const started = Date.now();
  const progress = () => `${Math.round((Date.now() - started) / 1000)} s`;
  process.stderr.write(`building ${name} (${source}), needed once\n`);
  const ticker = setInterval(() => process.stderr.write(`building ${name}: ${progress()}\n`), 30_000);
  try {
    await run(env, 'go', ['build', '-trimpath', '-ldflags', ldflags, '-o', unfinished, source]);
    await rename(unfinished, output);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`building ${name} failed after ${progress()}: ${reason}\n${howToGetThem}`, { cause });
  } finally {
    clearInterval(ticker);
  }
  process.stderr.write(`built ${name} in ${progress()}\n`);
}

async function run(env: NodeJS.ProcessEnv, command: string, args: string[]): Promise<void> {
  const child = spawn(command, args, {
    cwd: moduleDir,
    // A caller's GOFLAGS (-mod=vendor, -race, ...) are about their own module; GOWORK the same.
    env: { ...env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly -buildvcs=false', GOWORK: 'off' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4_000);
  });
  const code = await new Promise<number | string | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => resolve(exitCode ?? signal));
  });
  if (code !== 0) throw new Error(`"${command} ${args[0]}" ended with ${code}:\n${errors}`);
}
