import { ConfigurationError } from '../../errors.ts';
import type { Cluster, Kubeconfig, User } from './types.ts';

/** What a context stands for. */
export interface Selection {
  /** Name of the context. */
  readonly name: string;
  readonly clusterName: string;
  readonly cluster: Cluster;
  readonly userName: string;
  readonly user: User;
  readonly namespace?: string;
}

/**
 * @param wanted the context; default: the current one
 * @param where what to call the kubeconfig in errors
 */
export function selectContext(config: Kubeconfig, wanted: string | undefined, where: string): Selection {
  const name = wanted ?? config['current-context'];
  if (name === undefined) {
    throw new ConfigurationError(
      `${where} has no current-context: run "kubectl config use-context", or give a context (${known(config.contexts)})`,
    );
  }
  const context = find(
    config.contexts,
    name,
    'contexts',
    where,
    'give another context, or another kubeconfig',
  ).context;
  const at = `contexts[${JSON.stringify(name)}]`;
  if (context.cluster === undefined) throw new ConfigurationError(`${where}: ${at} names no cluster`);
  const advice = `${at} refers to it: add it, or correct the name`;
  const { cluster } = find(config.clusters, context.cluster, 'clusters', where, advice);
  // A context without user is anonymous.
  const user =
    context.user === undefined ? {} : find(config.users, context.user, 'users', where, advice).user;
  return {
    name,
    clusterName: context.cluster,
    cluster,
    userName: context.user ?? '',
    user,
    ...(context.namespace !== undefined && { namespace: context.namespace }),
  };
}

function find<T extends { readonly name: string }>(
  entries: readonly T[],
  name: string,
  list: string,
  where: string,
  advice: string,
): T {
  const found = entries.find(entry => entry.name === name);
  if (found) return found;
  throw new ConfigurationError(
    `${where}: expected ${list} to have ${JSON.stringify(name)}, found ${known(entries)}; ${advice}`,
  );
}

function known(entries: readonly { readonly name: string }[]): string {
  return entries.length === 0 ? 'none' : entries.map(({ name }) => JSON.stringify(name)).join(', ');
}
