import { ConfigurationError, isConfigurationError } from '../../errors.ts';
import type { Host } from '../host/host.ts';
import { mergeKubeconfigs } from './merge.ts';
import { parseKubeconfig } from './parse.ts';
import type { Kubeconfig } from './types.ts';

/**
 * Reads and merges files; of several, those that do not exist are skipped.
 *
 * @throws ConfigurationError where none exists, or one cannot be read
 */
export async function loadKubeconfigs(host: Host, paths: readonly string[]): Promise<Kubeconfig> {
  const read = await Promise.all(paths.map(path => loadKubeconfig(host, path)));
  const found = read.filter(config => config !== undefined);
  if (found.length === 0) {
    throw new ConfigurationError(
      `Expected a kubeconfig in ${paths.join(' or ')}, found no such file: check KUBECONFIG, or the path that was given`,
    );
  }
  return mergeKubeconfigs(found);
}

async function loadKubeconfig(host: Host, path: string): Promise<Kubeconfig | undefined> {
  let content: string;
  try {
    content = await host.readTextFile(path);
  } catch (error) {
    if (isConfigurationError(error)) throw error;
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
    throw new ConfigurationError(`The kubeconfig ${path} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
  return withAbsolutePaths(parseKubeconfig(content, path), relative => host.besideFile(path, relative), host);
}

/** What a file says of other files is meant from where it stands. */
function withAbsolutePaths(config: Kubeconfig, absolute: (path: string) => string, host: Host): Kubeconfig {
  const resolved = <T extends object>(entry: T, ...names: (keyof T & string)[]): T => {
    const paths = names.filter(name => entry[name]).map(name => [name, absolute(entry[name] as string)]);
    return { ...entry, ...Object.fromEntries(paths) };
  };
  return {
    ...config,
    clusters: config.clusters.map(({ name, cluster }) => ({
      name,
      cluster: resolved(cluster, 'certificate-authority'),
    })),
    users: config.users.map(({ name, user }) => ({
      name,
      user: {
        ...resolved(user, 'client-certificate', 'client-key', 'tokenFile'),
        // A bare command is looked up in PATH.
        ...(user.exec?.command?.includes(host.folderSeparator) && { exec: resolved(user.exec, 'command') }),
      },
    })),
  };
}
