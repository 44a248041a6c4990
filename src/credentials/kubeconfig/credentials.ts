import { host as runtimeHost } from '#host';
import { ConfigurationError, isConfigurationError } from '../../errors.ts';
import type { Access, Credentials } from '../../types.ts';
import type { Host } from '../host/host.ts';
import { type Reading, rotating } from '../rotation.ts';
import { endpointOf } from './cluster.ts';
import { type ExecCredential, runExecPlugin } from './exec.ts';
import { loadKubeconfigs } from './load.ts';
import { parseKubeconfig } from './parse.ts';
import { type Selection, selectContext } from './select.ts';
import type { Kubeconfig } from './types.ts';
import { identityOf } from './user.ts';

export interface KubeconfigOptions {
  /**
   * Path of a kubeconfig, or several to merge, also as one text in the form of `KUBECONFIG`. Default:
   * `~/.kube/config`.
   */
  readonly paths?: string | readonly string[] | undefined;
  /** A kubeconfig, YAML or JSON, instead of files. Relative paths in it are seen from the working directory. */
  readonly content?: string;
  /** What to call `content` in errors. Default `kubeconfig`. */
  readonly contentName?: string;
  /** Default: the current context. */
  readonly context?: string;
  /** Default: the machine. */
  readonly host?: Host;
  /** The clock, in milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** What a plugin gave, and when. */
interface Ran {
  /** The plugin and what it was told. */
  readonly by: string;
  readonly at: number;
  readonly renewAt: number;
  readonly credential: ExecCredential;
}

/** A refused credential is not asked of a plugin again within this time: several requests may have been refused. */
const sameRefusal = 1_000;

/**
 * Credentials from a kubeconfig, as kubectl has them. Files are read again every minute and after a 401; exec plugins run
 * again when their credential is about to expire, and after a 401. Nothing is read before the first `access()`.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
 */
export function kubeconfigCredentials(options: KubeconfigOptions = {}): Credentials {
  const { content, contentName = 'kubeconfig', host = runtimeHost, now = Date.now } = options;
  let context = options.context;
  let ran: Ran | undefined;

  async function load(): Promise<[config: Kubeconfig, where: string]> {
    if (content !== undefined) return [parseKubeconfig(content, contentName), contentName];
    const paths = pathsOf(options.paths, host);
    return [await loadKubeconfigs(host, paths), `kubeconfig ${paths.join(host.listSeparator)}`];
  }

  async function read(refresh: boolean): Promise<Reading> {
    const [config, where] = await load();
    const selection = selectContext(config, options.context, where);
    context = selection.name;
    const endpoint = await endpointOf(
      selection.cluster,
      host,
      `${where}: clusters[${JSON.stringify(selection.clusterName)}]`,
    );
    const user = `${where}: users[${JSON.stringify(selection.userName)}]`;
    const identity = await identityOf(selection.user, host, user);
    const authenticated = identity.token !== undefined || identity.headers['authorization'] !== undefined;
    const plugin = selection.user.exec;
    // What stands in the file comes before a plugin, as in client-go.
    const fromPlugin =
      plugin === undefined || authenticated
        ? undefined
        : await cached(JSON.stringify([plugin, endpoint]), refresh, () =>
            runExecPlugin(plugin, { cluster: selection.cluster, endpoint }, host, `${user}.exec`),
          );
    const { credential, renewAt = Infinity } = fromPlugin ?? {};
    const tls = { ...identity.tls, ...credential?.tls };
    return {
      access: accessOf(selection, endpoint, { ...identity, ...credential, tls }),
      freshFor: Math.min(60_000, renewAt - now()),
      expiresAt: credential?.expiresAt,
    };
  }

  async function cached(by: string, refresh: boolean, run: () => Promise<ExecCredential>): Promise<Ran> {
    const until = ran && (refresh ? ran.at + sameRefusal : ran.renewAt);
    if (ran === undefined || until === undefined || ran.by !== by || now() < ran.at || now() >= until) {
      const credential = await run();
      const at = now();
      ran = { by, at, credential, renewAt: at + 0.8 * ((credential.expiresAt ?? Infinity) - at) };
    }
    return ran;
  }

  return {
    ...rotating(read, now),
    get source() {
      return context === undefined ? contentName : `kubeconfig context ${JSON.stringify(context)}`;
    },
  };
}

function accessOf(
  { namespace }: Selection,
  { server, proxyUrl, tls: trust }: Awaited<ReturnType<typeof endpointOf>>,
  { token, headers, tls: own }: Awaited<ReturnType<typeof identityOf>>,
): Access {
  const tls = { ...trust, ...own };
  return {
    server,
    ...(Object.keys(tls).length > 0 && { tls }),
    ...(proxyUrl !== undefined && { proxyUrl }),
    ...(token !== undefined && { token }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(namespace !== undefined && { namespace }),
  };
}

function pathsOf(paths: string | readonly string[] | undefined, host: Host): readonly string[] {
  const listed = typeof paths === 'string' ? paths.split(host.listSeparator) : (paths ?? []);
  const given = listed.map(path => path.trim()).filter(path => path !== '');
  if (given.length > 0) return [...new Set(given)];
  try {
    return [host.besideFile(`${host.homeDirectory()}/.`, '.kube/config')];
  } catch (error) {
    if (isConfigurationError(error)) throw error;
    throw new ConfigurationError(
      `The home directory is not known (${(error as Error).message}): set KUBECONFIG, or give the path of a kubeconfig`,
      { cause: error },
    );
  }
}
